import { parentPort, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { giveWay } from '../../shared/give-way';
import { goThrough } from './go-through';
import { type TableReport, tableOrderSchema } from './start-table';

/** The program of the threads that `tableInWorker` starts. */
async function main(): Promise<void> {
  giveWay();
  const say = (report: TableReport) => parentPort?.postMessage(report);
  await goThrough(v.parse(tableOrderSchema, workerData), say, new AbortController().signal);
  say({ type: 'done' });
}

void main();
