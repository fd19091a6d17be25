import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../../src/dataset/data-error';
import { writeEdited } from '../../../src/host/files/write-edited';
import type { Change } from '../../../src/trace/edit/change';
import { canMount, type SmallDisk, smallDisk } from '../../helpers/small-disk';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { vilasr } from '../../helpers/vilasr';
import { sourceTrace } from '../../unit/dataset/overlay/edits';
import { openDocument } from '../../unit/host/files/open-document';

const [a, b] = [sourceTrace('a'), sourceTrace('b')];
const LINES = `${a.line}\n${b.line}\n`;
const long = 'é'.repeat(30_000);

const question = (before: string, after: string): Change[] => [
  { type: 'field', field: 'question', before, after },
];

/** A data file on a disk, open, with an edit that was saved and one, as long as `text`, that was not. */
async function edited({ path }: SmallDisk, text: string) {
  const data = join(path, 'data.traces.jsonl');
  await writeFile(data, LINES);
  const document = await openDocument(data);
  await document.edit(a.ref, 'Ask', question(a.trace.question, 'saved'));
  await document.save();
  await document.edit(a.ref, 'Ask at length', question('saved', text));
  const questionNow = async () => (await document.shown(0))?.trace?.question;
  return { data, document, questionNow };
}

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe.skipIf(!canMount)('a disk that is full', () => {
  it('keeps edits from being saved, which stay unsaved until there is room; what was saved stays', async () => {
    const disk = await smallDisk(64);
    const { data, document, questionNow } = await edited(disk, long);
    const before = await readFile(`${data}.edits.jsonl`);
    const error = await failure(document.save());
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toContain(`Cannot write to ${data}.edits.jsonl: the disk is full.`);
    expect(document.unsaved).toBe(1);
    expect(await questionNow()).toBe(long);
    expect(await readFile(`${data}.edits.jsonl`)).toEqual(before);
    expect(await readFile(data, 'utf8')).toBe(LINES);
    // Somebody makes room.
    await document.revert();
    await document.edit(a.ref, 'Ask', question('saved', 'short'));
    await document.save();
    expect(await (await openDocument(data)).shown(0)).toMatchObject({ trace: { question: 'short' } });
  });

  it('keeps a file from being saved elsewhere, and what was there stays', async () => {
    const disk = await smallDisk(64);
    const folder = await temporaryFolder();
    const data = join(folder, 'data.traces.jsonl');
    await writeFile(data, LINES.repeat(40));
    const document = await openDocument(data);
    const out = join(disk.path, 'copy.traces.jsonl');
    await writeFile(out, 'before');
    const error = await failure(writeEdited(document, out, new AbortController().signal));
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toContain(`Cannot write ${out}: the disk is full.`);
    expect(await readFile(out, 'utf8')).toBe('before');
    expect(await readdir(disk.path)).toEqual([basename(out)]);
  });

  it.each(['traces', 'llamafactory', 'huggingface', 'verl'])(
    'ends an export for %s wherever it was, and nothing is left',
    async (target) => {
      const folder = await temporaryFolder();
      const mazes = join(folder, 'mazes');
      await vilasr(['synth', 'maze', '--count', '6', '--seed', '3', '--out', mazes]);
      const data = join(mazes, 'cold-start.traces.jsonl');
      const args = ['export', data, '--for', target, '--all', '--out'];
      let full = 0;
      for (let size = 4; ; size *= 2) {
        const disk = await smallDisk(size);
        const { exitCode, stderr } = await vilasr([...args, join(disk.path, 'out')]);
        if (exitCode === 0) break;
        full++;
        expect(stderr).toContain('the disk is full');
        expect(stderr.trim().split('\n')).toHaveLength(1);
        expect(await readdir(disk.path)).toEqual([]);
      }
      expect(full).toBeGreaterThan(2);
    },
  );
});

describe.skipIf(!canMount)('a disk that is read-only', () => {
  it('says so when edits are saved, which stay unsaved', async () => {
    const disk = await smallDisk(256);
    const { data, document } = await edited(disk, 'short');
    disk.makeReadOnly();
    expect(String(await failure(document.save()))).toContain(
      `Cannot write to ${data}.edits.jsonl: the disk is read-only.`,
    );
    expect(document.unsaved).toBe(1);
    const out = join(disk.path, 'copy.traces.jsonl');
    expect(String(await failure(writeEdited(document, out, new AbortController().signal)))).toContain(
      `Cannot write ${out}: the disk is read-only.`,
    );
  });

  it('says so when something is exported to it', async () => {
    const disk = await smallDisk(256);
    const { data } = await edited(disk, 'short');
    await rm(`${data}.edits.jsonl`);
    disk.makeReadOnly();
    const out = join(disk.path, 'out');
    const { exitCode, stderr } = await vilasr(['export', data, '--for', 'traces', '--all', '--out', out]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Cannot write to ${out}: the disk is read-only.`);
  });
});
