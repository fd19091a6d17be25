import { readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { reportInWorker } from '../../../src/dataset/report/start-report';
import { writeTrace } from '../../../src/trace/trace-line';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { sampleTrace } from '../../unit/trace/sample-trace';

const startReport = reportInWorker(resolve(import.meta.dirname, '../../../dist/report-worker.js'));

async function file(count: number): Promise<{ folder: string; path: string }> {
  const folder = await temporaryFolder();
  const path = join(folder, 'a.traces.jsonl');
  const lines = Array.from({ length: count }, (_, i) => `${writeTrace({ ...sampleTrace, id: `t-${i}` })}\n`);
  await writeFile(path, lines.join(''));
  return { folder, path };
}

it('a report is made in a thread of its own', async () => {
  const { path } = await file(20);
  const report = await startReport(
    { path, otherwise: null, csv: null },
    () => {},
    new AbortController().signal,
  );
  expect(report).toMatchObject({ traces: 20, verdicts: { 'not-judged': 20 } });
});

it('one that is stopped takes away what it has half written', async () => {
  // So many that the thread is far from its end when it hears of the stop, however slow this one is.
  const { folder, path } = await file(20_000);
  const abort = new AbortController();
  const csv = join(folder, 'out.csv');
  const made = startReport({ path, otherwise: null, csv }, () => abort.abort(), abort.signal);
  await expect(made).rejects.toMatchObject({ name: 'AbortError' });
  expect(await readdir(folder)).toEqual(['a.traces.jsonl']);
});

it('why it cannot be made is said', async () => {
  const path = join(await temporaryFolder(), 'gone.jsonl');
  const made = startReport({ path, otherwise: null, csv: null }, () => {}, new AbortController().signal);
  await expect(made).rejects.toThrow(/Cannot read .*gone\.jsonl/);
});
