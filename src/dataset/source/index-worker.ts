import { parentPort, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { giveWay } from '../../shared/give-way';
import { indexItems } from './index-items';
import type { ItemBatch } from './item-table';
import { type IndexReport, indexOrderSchema } from './start-index';

/** The program of the thread that `indexInWorker` starts. */
async function main(): Promise<void> {
  const { fd, form, givesWay } = v.parse(indexOrderSchema, workerData);
  if (givesWay) giveWay();
  const say = (report: IndexReport) =>
    parentPort?.postMessage(report, report.type === 'items' ? buffersOf(report) : []);
  const fault = await indexItems(fd, {
    form,
    signal: new AbortController().signal,
    onItems: (batch) => say({ type: 'items', ...batch }),
  });
  say({ type: 'done', fault });
}

/** They go over to who is told; nothing is copied. */
const buffersOf = ({ starts, lengths, lines, checks }: ItemBatch): ArrayBuffer[] =>
  [starts, lengths, lines, checks].map(({ buffer }) => buffer);

void main();
