import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DocumentTable } from '../../../../src/host/files/document-table';
import { TraceList } from '../../../../src/host/files/trace-list';
import { setText } from '../../../../src/trace/edit/prose-changes';
import { writeTrace } from '../../../../src/trace/trace-line';
import { type ListQuery, WHOLE_LIST } from '../../../../src/view/trace-list';
import { tableHere } from '../../../helpers/table-here';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { sampleTrace } from '../../trace/sample-trace';
import { openDocument } from './open-document';

const COUNT = 250;

/** A file of many traces, of which every fifth is a number question. */
async function openList(shown = 0) {
  const path = join(await temporaryFolder(), 'many.traces.jsonl');
  const lines = Array.from({ length: COUNT }, (_, i) =>
    writeTrace({ ...sampleTrace, id: `t-${i}`, type: i % 5 === 0 ? 'numerical' : 'multiple-choice' }),
  );
  await writeFile(path, lines.map((line) => `${line}\n`).join(''));
  const document = await openDocument(path);
  const table = new DocumentTable(document, tableHere);
  const list = new TraceList(
    table,
    () => shown,
    () => {},
  );
  onTestFinished(async () => {
    list.dispose();
    await table.close();
  });
  const ask = (more: Partial<ListQuery> = {}) => list.query({ ...WHOLE_LIST, ...more });
  /** Asks until all is read, searched and looked at. */
  const whole = async (more: Partial<ListQuery> = {}) => {
    await expect
      .poll(() => [ask(more).reading, ask(more).searched, table.reading], { timeout: 30_000 })
      .toEqual([false, null, false]);
    return ask(more);
  };
  return { document, list, table, ask, whole };
}

const only = (column: keyof ListQuery['filters'], ...values: string[]): Partial<ListQuery> => ({
  filters: { ...WHOLE_LIST.filters, [column]: values },
});

it('is there before the file was read, and grows', async () => {
  const { ask, whole } = await openList();
  expect(ask()).toMatchObject({ count: 0, reading: true });
  expect(await whole()).toMatchObject({ count: COUNT, read: COUNT, total: COUNT, place: 0 });
});

it('lets who waits for a trace have it first', async () => {
  const { table, list, ask } = await openList();
  ask();
  expect(table.resting.left).toBe(0);
  const subject = list.subject(3);
  expect(table.resting.left).toBeGreaterThan(0);
  await subject;
});

it('gives the rows that are asked for, and no others', async () => {
  const { list, whole } = await openList();
  await whole(only('type', 'numerical'));
  expect(list.rows(48, 10).map(({ index, id }) => [index, id])).toEqual([
    [240, 't-240'],
    [245, 't-245'],
  ]);
});

it('leads from trace to trace as it goes; from what is not in it, to what comes after that in the file', async () => {
  const { list, whole } = await openList(7);
  await whole();
  expect([list.neighbour(7, 1), list.neighbour(0, -1), list.neighbour(COUNT - 1, 1)]).toEqual([
    8,
    null,
    null,
  ]);
  expect((await whole(only('type', 'numerical'))).place).toBeNull();
  expect([list.neighbour(7, 1), list.neighbour(7, -1), list.neighbour(5, 1)]).toEqual([10, 5, 10]);
});

it('finds what traces say, and forgets it when another text is looked for', async () => {
  const { list, whole } = await openList();
  expect((await whole({ search: 'T-12' })).count).toBe(11);
  expect((await whole({ search: 't-249' })).count).toBe(1);
  expect(list.rows(0, 5).map(({ index }) => index)).toEqual([249]);
  expect((await whole({ search: '' })).count).toBe(COUNT);
});

it('has edited and judged traces as they are now', async () => {
  const { document, whole } = await openList();
  await whole();
  const item = await document.shown(3);
  if (item?.ref == null || item.trace === null) throw new Error('There is no such trace.');
  await document.edit(item.ref, 'Write', setText(item.trace, 0, 'no think at all'));
  await expect.poll(async () => (await whole(only('edited', 'edited'))).count, { timeout: 30_000 }).toBe(1);
  expect((await whole(only('findings', 'no-think'))).count).toBe(1);
  await document.judge(item.ref, { verdict: 'rejected' });
  await expect
    .poll(async () => (await whole(only('verdict', 'rejected'))).count, { timeout: 30_000 })
    .toBe(1);
});
