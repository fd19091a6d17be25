import { Worker } from 'node:worker_threads';
import * as v from 'valibot';
import { DATA_FORMATS } from '../source/data-source';
import { type Report, reportSchema } from './report';

/** What the thread that makes a report is given. */
export const reportOrderSchema = v.object({
  path: v.string(),
  otherwise: v.nullable(v.picklist(DATA_FORMATS)),
  /** See `ReportOptions`. */
  csv: v.nullable(v.string()),
});
export type ReportOrder = v.InferOutput<typeof reportOrderSchema>;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const newsSchema = v.variant('type', [
  v.object({ type: v.literal('progress'), done: count, total: v.nullable(count) }),
  v.object({ type: v.literal('report'), report: reportSchema }),
  v.object({ type: v.literal('failed'), message: v.string() }),
]);

/** What the thread says. */
export type ReportNews = v.InferOutput<typeof newsSchema>;

/** Asks the thread to end, so that it takes away what it has half written. */
export const STOP = 'stop';

/**
 * Makes a report in a thread of its own; see `makeReport`. Throws errors for people; an `AbortError` on `signal`. `entry` is
 * `report-worker.js` of the build.
 */
export function reportInWorker(entry: string) {
  return async (
    order: ReportOrder,
    onProgress: (done: number, total: number | null) => void,
    signal: AbortSignal,
  ): Promise<Report> => {
    signal.throwIfAborted();
    const worker = new Worker(entry, { workerData: order });
    const stop = () => worker.postMessage(STOP);
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await new Promise<Report>((resolve, reject) => {
        worker.on('message', (message: unknown) => {
          const read = v.safeParse(newsSchema, message);
          if (!read.success) {
            reject(new Error('The thread that makes the report says what nobody understands.'));
            return;
          }
          const news: ReportNews = read.output;
          if (news.type === 'progress') onProgress(news.done, news.total);
          else if (news.type === 'report') resolve(news.report);
          else reject(signal.aborted ? signal.reason : new Error(news.message));
        });
        worker.on('error', reject);
        worker.on('exit', () => reject(new Error('The thread that makes the report ended.')));
      });
    } finally {
      signal.removeEventListener('abort', stop);
      await worker.terminate();
    }
  };
}

/** Makes a report elsewhere: see `reportInWorker`. */
export type StartReport = ReturnType<typeof reportInWorker>;
