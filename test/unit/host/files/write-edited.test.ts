import { link, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { writeEdited } from '../../../../src/host/files/write-edited';
import { writeTrace } from '../../../../src/trace/trace-line';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { sampleTrace } from '../../trace/sample-trace';
import { openDocument } from './open-document';

it('a file is never written over itself, by whatever name, nor over its edits', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'some.traces.jsonl');
  await writeFile(path, `${writeTrace(sampleTrace)}\n`);
  const before = await readFile(path);
  const document = await openDocument(path);
  const links = [join(folder, 'soft.traces.jsonl'), join(folder, 'hard.traces.jsonl')] as const;
  await symlink(path, links[0]);
  await link(path, links[1]);
  const write = (out: string) => writeEdited(document, out, new AbortController().signal);
  for (const out of [path, ...links]) await expect(write(out)).rejects.toThrow('itself is never written');
  await expect(write(`${path}.edits.jsonl`)).rejects.toThrow('holds the edits of');
  expect(await readFile(path)).toEqual(before);
});

it.each([1, 510])('one that is cancelled after %i traces leaves what was there', async (at) => {
  const folder = await temporaryFolder();
  const path = join(folder, 'some.traces.jsonl');
  const text = `${writeTrace(sampleTrace)}\n`.repeat(520);
  await writeFile(path, text);
  const document = await openDocument(path);
  let abort = new AbortController();
  const items = document.items.bind(document);
  vi.spyOn(document, 'items').mockImplementation(async function* () {
    let read = 0;
    for await (const item of items()) {
      if (++read === at) abort.abort();
      yield item;
    }
  });
  await writeFile(join(folder, 'there.traces.jsonl'), 'before');
  for (const name of ['there', 'new']) {
    abort = new AbortController();
    const writing = writeEdited(document, join(folder, `${name}.traces.jsonl`), abort.signal);
    await expect(writing).rejects.toThrow('aborted');
  }
  expect((await readdir(folder)).sort()).toEqual(['some.traces.jsonl', 'there.traces.jsonl']);
  expect(await readFile(join(folder, 'there.traces.jsonl'), 'utf8')).toBe('before');
  expect(await readFile(path, 'utf8')).toBe(text);
});
