import { link, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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
