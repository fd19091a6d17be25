import { parentPort, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { giveWay } from '../../shared/give-way';
import { indexHere } from '../source/start-index';
import { makeReport } from './make-report';
import { type ReportNews, reportOrderSchema } from './start-report';

/** Between two words of how far it is, in milliseconds. */
const INTERVAL = 200;

/** The program of the threads that `reportInWorker` starts. */
async function main(): Promise<void> {
  giveWay();
  const say = (news: ReportNews) => parentPort?.postMessage(news);
  const abort = new AbortController();
  // Whatever is said to it means that it should stop.
  parentPort?.once('message', () => abort.abort());
  let saidAt = 0;
  const onProgress = (done: number, total: number | null) => {
    const now = Date.now();
    if (now - saidAt < INTERVAL) return;
    saidAt = now;
    say({ type: 'progress', done, total });
  };
  const { path, ...order } = v.parse(reportOrderSchema, workerData);
  try {
    const options = { ...order, startIndex: indexHere, onProgress, signal: abort.signal };
    say({ type: 'report', report: await makeReport(path, options) });
  } catch (error) {
    say({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

void main();
