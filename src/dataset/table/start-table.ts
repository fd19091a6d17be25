import { Worker } from 'node:worker_threads';
import * as v from 'valibot';
import { QUESTION_TYPES } from '../../trace/trace';
import { DATA_FORMATS } from '../source/data-source';
import type { ItemRow } from './item-row';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What the worker is given. */
export const tableOrderSchema = v.object({
  path: v.string(),
  /** Where image files may be looked for: see `ImageRoots`. */
  images: v.object({ folder: v.string(), roots: v.array(v.string()), followLinks: v.boolean() }),
  otherwise: v.nullable(v.picklist(DATA_FORMATS)),
  /** The text to look for; null to make the rows of all items. */
  search: v.nullable(v.string()),
});
export type TableOrder = v.InferOutput<typeof tableOrderSchema>;

const rowSchema = v.object({
  ...{ line: count, hash: v.string(), id: v.nullable(v.string()), name: v.string(), questionKey: v.string() },
  source: v.string(),
  type: v.nullable(v.picklist(QUESTION_TYPES)),
  ...{ turns: count, boxes: count, lines: count, revisions: count, correct: v.nullable(v.boolean()) },
  ...{ fileCodes: v.array(v.string()), traceCodes: v.array(v.string()) },
});

const reportSchema = v.variant('type', [
  /** The next items of the file. */
  v.object({ type: v.literal('rows'), rows: v.array(rowSchema) }),
  /** Numbers of items that say what is looked for, among the next; `done` items were looked at so far. */
  v.object({ type: v.literal('matches'), found: v.array(count), done: count }),
  v.object({ type: v.literal('done') }),
]);

/** What the worker is told meanwhile: to stand still for so many milliseconds. */
export const restSchema = v.object({ rest: v.pipe(v.number(), v.minValue(0)) });

/** What the worker says. */
export type TableReport =
  | { readonly type: 'rows'; readonly rows: readonly ItemRow[] }
  | { readonly type: 'matches'; readonly found: readonly number[]; readonly done: number }
  | { readonly type: 'done' };

/** Work on all items of a file. */
export interface TableJob {
  /** Resolves when all is done; why it could not be, in words, or null. */
  readonly done: Promise<string | null>;
  /** Lets it stand still for so many milliseconds from now on. */
  rest(milliseconds: number): void;
  /** Ends it early. */
  stop(): Promise<void>;
}

/** Begins to go through a data file and tells what it finds. */
export type StartTable = (
  order: TableOrder,
  onReport: (report: Exclude<TableReport, { type: 'done' }>) => void,
) => TableJob;

/** In a thread of its own. `entry` is `table-worker.js` of the build. */
export function tableInWorker(entry: string): StartTable {
  return (order, onReport) => {
    const worker = new Worker(entry, { workerData: order });
    const done = new Promise<string | null>((resolve) => {
      worker.on('message', (message: unknown) => {
        const report: TableReport = v.parse(reportSchema, message);
        if (report.type === 'done') resolve(null);
        else onReport(report);
      });
      worker.on('error', (error) => resolve(error instanceof Error ? error.message : String(error)));
      worker.on('exit', () => resolve('The thread that reads the file ended.'));
    });
    return {
      done,
      rest: (milliseconds) =>
        worker.postMessage({ rest: milliseconds } satisfies v.InferInput<typeof restSchema>),
      stop: async () => {
        await worker.terminate();
      },
    };
  };
}
