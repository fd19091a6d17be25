import { parentPort, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { giveWay } from '../../shared/give-way';
import { Rest } from '../../shared/rest';
import { goThrough } from './go-through';
import { restSchema, type TableReport, tableOrderSchema } from './start-table';

/** The program of the threads that `tableInWorker` starts. */
async function main(): Promise<void> {
  giveWay();
  const say = (report: TableReport) => parentPort?.postMessage(report);
  const rest = new Rest();
  parentPort?.on('message', (message: unknown) => rest.begin(v.parse(restSchema, message).rest));
  // Who waits for what may be said of rests would never end.
  parentPort?.unref();
  await goThrough(v.parse(tableOrderSchema, workerData), say, rest, new AbortController().signal);
  say({ type: 'done' });
}

void main();
