import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DataDocument } from '../../../../src/host/files/data-document';
import { DocumentTable } from '../../../../src/host/files/document-table';
import { FileSource } from '../../../../src/host/files/file-source';
import type { SourceEvent } from '../../../../src/host/view/source';
import { setField } from '../../../../src/trace/edit/field-changes';
import type { Trace } from '../../../../src/trace/trace';
import { writeTrace } from '../../../../src/trace/trace-line';
import { tableHere } from '../../../helpers/table-here';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { sampleTrace } from '../../trace/sample-trace';
import { openDocument } from './open-document';

let path: string;
beforeEach(async () => {
  path = join(await temporaryFolder(), 'data', 'some.traces.jsonl');
  await mkdir(dirname(path));
});

const put = (...lines: (string | Partial<Trace>)[]) =>
  writeFile(
    path,
    lines
      .map((line) => `${typeof line === 'string' ? line : writeTrace({ ...sampleTrace, ...line })}\n`)
      .join(''),
  );

async function open(): Promise<{ source: FileSource; document: DataDocument; events: SourceEvent[] }> {
  const document = await openDocument(path);
  const source = new FileSource(document, new DocumentTable(document, tableHere));
  const events: SourceEvent[] = [];
  source.events.add((event) => events.push(event));
  return { source, document, events };
}

it('shows the trace that is chosen', async () => {
  await put({ id: 'a' }, { id: 'b', gold: 'A' }, { id: 'c', gold: null });
  const { source } = await open();
  const ids: unknown[] = [];
  for (const index of [0, 1, 2]) {
    await source.select(index);
    const { shown, ...rest } = await source.state();
    expect(rest).toMatchObject({ title: 'some.traces.jsonl', index, count: 3 });
    ids.push([shown.trace?.id, shown.correct]);
  }
  expect(ids).toEqual([
    ['a', true],
    ['b', false],
    ['c', null],
  ]);
});

it('shows what is wrong with a line, and the lines beside it', async () => {
  await put({ id: 'a' }, '{"broken', { id: 'c' });
  const { source } = await open();
  await source.select(1);
  const { shown } = await source.state();
  expect(shown.trace).toBeNull();
  expect(shown.findings[0]).toMatchObject({ code: 'bad-json', severity: 'error' });
  expect(await source.subject()).toBeNull();
  await source.select(2);
  expect((await source.state()).shown.trace?.id).toBe('c');
});

it('gives traces of one id keys of their own, which an edit leaves as they are', async () => {
  await put({ id: 'a' }, { id: 'a' });
  const { source, document } = await open();
  const key = async () => (await source.state()).shown.key;
  const first = await key();
  await source.edits.edit('Ask', setField(sampleTrace, 'question', 'Why?'));
  expect(await key()).toBe(first);
  await source.select(1);
  expect(await key()).not.toBe(first);
  await document.close();
});

it('gives a trace another revision whenever it, or its pixels, may be others, though its id is the same', async () => {
  await put({ id: 'a' }, { id: 'a' });
  const { source, document } = await open();
  const revisions = [(await source.state()).shown.revision];
  await source.select(1);
  revisions.push((await source.state()).shown.revision);
  await document.reload();
  revisions.push((await source.state()).shown.revision);
  expect(new Set(revisions).size).toBe(3);
  expect(source.revision).toBe(revisions.at(-1));
  // What was asked before another trace is chosen is about the one before.
  const before = source.state();
  await source.select(0);
  expect((await before).shown.revision).toBe(revisions.at(-1));
});

it('says that a file is empty', async () => {
  await put();
  const { source } = await open();
  const { count, shown } = await source.state();
  expect(count).toBe(0);
  expect(shown.findings[0]?.code).toBe('empty-file');
});

it('sends no derived data along: the texts say it all', async () => {
  await put({});
  const { source } = await open();
  const { trace } = (await source.state()).shown;
  expect(Object.keys(trace?.turns[0] ?? {})).toEqual(['text', 'finish', 'tokens', 'seconds']);
});

describe('when the file changes', () => {
  it('keeps the trace that is chosen', async () => {
    await put({ id: 'a' }, { id: 'b' });
    const { source, document, events } = await open();
    await source.select(1);
    await put({ id: 'a' }, { id: 'new b' }, { id: 'c' });
    await document.reload();
    expect(events).toContainEqual({ type: 'changed' });
    const { index, shown } = await source.state();
    expect([index, shown.trace?.id]).toEqual([1, 'new b']);
    expect(document.counts.count).toBe(3);
  });

  it('shows the last trace where there are fewer', async () => {
    await put({ id: 'a' }, { id: 'b' }, { id: 'c' });
    const { source, document } = await open();
    await source.select(2);
    await put({ id: 'only' });
    await document.reload();
    const { index, shown } = await source.state();
    expect([index, shown.trace?.id]).toEqual([0, 'only']);
  });
});

it('looks for images from the file, and not outside of the folders that are open', async () => {
  await put({ id: 'in' });
  const { source } = await open();
  const subject = await source.subject();
  expect(subject?.lineage).toHaveLength(4);
  await writeFile(join(dirname(path), 'a.png'), '');
  expect(await subject?.locate('a.png')).toBe(join(dirname(path), 'a.png'));
  await expect(subject?.locate('../a.png')).rejects.toThrow(
    'leads out of the folders that images may come from',
  );
});

it('looks again for images when folders were opened or trusted', async () => {
  const elsewhere = await temporaryFolder();
  const image = join(elsewhere, 'scene.png');
  await writeFile(image, '');
  await put({ id: 'a', images: [{ path: image, file: null, model: null }] });
  let roots = [dirname(path)];
  const document = await openDocument(path, { roots: () => ({ roots, followLinks: false }) });
  const source = new FileSource(document, new DocumentTable(document, tableHere));
  const codes = async () => (await source.state()).shown.findings.map(({ code }) => code);
  expect(await codes()).toContain('refused-image');
  roots = [...roots, elsewhere];
  document.lookAgain();
  expect(await codes()).not.toContain('refused-image');
});

it('tells of more traces now and then while a file is read, and of all as soon as it is', async () => {
  await put({ id: 'a' }, { id: 'b' });
  const { source, document, events } = await open();
  await source.state();
  await expect.poll(() => document.counts.counting).toBe(false);
  events.length = 0;
  for (let count = 0; count < 1000; count++) document.counted.tell({ count, counting: true });
  document.counted.tell({ count: 1000, counting: false });
  expect(events).toEqual([{ type: 'count', count: 2, counting: false }]);
  source.dispose();
});
