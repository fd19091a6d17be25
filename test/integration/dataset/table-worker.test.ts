import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { DataFormat } from '../../../src/dataset/source/data-source';
import { openDataSource } from '../../../src/dataset/source/open-source';
import { indexHere } from '../../../src/dataset/source/start-index';
import { type ItemRow, rowOf } from '../../../src/dataset/table/item-row';
import { type TableJob, type TableReport, tableInWorker } from '../../../src/dataset/table/start-table';
import { writeTrace } from '../../../src/trace/trace-line';
import {
  conversationRow,
  jsonArray,
  jsonLines,
  planOf,
  questionRow,
  resultsRow,
  textData,
} from '../../helpers/data-files';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { sampleTrace } from '../../unit/trace/sample-trace';

const startTable = tableInWorker(resolve(import.meta.dirname, '../../../dist/table-worker.js'));

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

const COUNT = 230;

/** Writes a file, or a folder of samples, of each format. */
const FILES: readonly (readonly [format: DataFormat, form: string, write: () => Promise<string>])[] = [
  [
    'traces',
    'lines',
    () =>
      file(
        'a.traces.jsonl',
        lines((i) => writeTrace({ ...sampleTrace, id: `t-${i}` })),
      ),
  ],
  ['sharegpt', 'an array', () => file('a.json', jsonArray(COUNT, conversationRow))],
  ['sharegpt', 'lines', () => file('a.jsonl', jsonLines(COUNT, conversationRow))],
  ['results', 'lines', () => file('results.jsonl', jsonLines(COUNT, resultsRow))],
  ['questions', 'an array', () => file('q.json', jsonArray(COUNT, questionRow))],
  ['inference', 'a folder', samples],
];

const lines = (lineOf: (i: number) => string) =>
  Array.from({ length: COUNT }, (_, i) => `${lineOf(i)}\n`).join('');

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function samples(): Promise<string> {
  for (let i = 0; i < COUNT; i++) {
    const sample = join(folder, `sample_${i}`);
    await mkdir(sample);
    await writeFile(join(sample, 'text_data.json'), JSON.stringify(textData(planOf(i))));
  }
  return folder;
}

function start(path: string, search: string | null) {
  const reports: Exclude<TableReport, { type: 'done' }>[] = [];
  const images = { folder, roots: [folder], followLinks: false };
  const job: TableJob = startTable({ path, images, otherwise: null, search }, (report) => {
    reports.push(report);
  });
  onTestFinished(() => job.stop());
  return { job, reports };
}

async function rowsHere(path: string): Promise<ItemRow[]> {
  const images = (from: string) => ({ folder: from, roots: [folder], followLinks: false });
  const source = await openDataSource(path, { startIndex: indexHere, images });
  const rows: ItemRow[] = [];
  for (let item = await source.item(0); item !== null; item = await source.item(rows.length)) {
    rows.push(rowOf(item));
  }
  await source.close();
  return rows;
}

async function search(path: string, text: string): Promise<number[]> {
  const { job, reports } = start(path, text);
  expect(await job.done).toBeNull();
  expect(reports.at(-1)).toMatchObject({ done: COUNT });
  return reports.flatMap((report) => (report.type === 'matches' ? report.found : []));
}

describe.each(FILES)('the thread that reads %s (%s)', (format, _, write) => {
  it('makes a row of every item, in the order of the file', async () => {
    const path = await write();
    const { job, reports } = start(path, null);
    expect(await job.done).toBeNull();
    expect(reports.length).toBeGreaterThan(1);
    const rows = reports.flatMap((report) => (report.type === 'rows' ? report.rows : []));
    expect(rows).toEqual(await rowsHere(path));
    expect(rows.filter(({ id }) => id !== null)).toHaveLength(COUNT);
    // No image lies there, and the list says so as the view does.
    expect(rows[0]?.fileCodes).toContain('missing-image');
  });

  it('finds what is said in the question, and ids that no item says itself', async () => {
    const path = await write();
    const rows = await rowsHere(path);
    const { id } = rows[COUNT - 1] ?? {};
    if (id == null) throw new Error('The last item is no trace.');
    expect(await search(path, id.toUpperCase())).toEqual([COUNT - 1]);
    const said = format === 'traces' ? sampleTrace.question : 'THING 123 END';
    expect(await search(path, said)).toEqual(format === 'traces' ? rows.map((_row, i) => i) : [123]);
    expect(await search(path, 'a heffalump')).toEqual([]);
  });
});

it('says why it cannot go on where there is no such file', async () => {
  const { job } = start(join(folder, 'none.jsonl'), null);
  expect(await job.done).toContain('none.jsonl');
});

it('tells nothing more once it is stopped', async () => {
  const { job, reports } = start(await file('a.jsonl', jsonLines(2000, conversationRow)), null);
  await expect.poll(() => reports.length, { timeout: 30_000 }).toBeGreaterThan(0);
  await job.stop();
  const told = reports.length;
  expect(await job.done).not.toBeNull();
  expect(reports).toHaveLength(told);
});

it('stands still while it is told to rest, and leaves out nothing', async () => {
  const { job, reports } = start(await file('a.jsonl', jsonLines(COUNT, conversationRow)), null);
  job.rest(1000);
  const rested = performance.now() + 900;
  expect(await job.done).toBeNull();
  expect(performance.now()).toBeGreaterThan(rested);
  expect(reports.flatMap((report) => (report.type === 'rows' ? report.rows : []))).toHaveLength(COUNT);
});
