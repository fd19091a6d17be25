import { Worker } from 'node:worker_threads';
import * as v from 'valibot';
import { indexItems } from './index-items';
import type { ItemBatch } from './item-table';
import type { FileFault, ItemForm } from './scanner';

/** An index that is being made. */
export interface Indexing {
  /** Resolves when all items are found, with the fault that kept the rest from being read, or null. */
  readonly done: Promise<FileFault | null>;
  /** Ends it early. Resolves when the file is not read any more. */
  stop(): Promise<void>;
}

/** Begins to index the open file `fd`, which must stay open until it is done or stopped. */
export type StartIndex = (fd: number, form: ItemForm, onItems: (batch: ItemBatch) => void) => Indexing;

/** Indexes between the other work of this thread. */
export const indexHere: StartIndex = (fd, form, onItems) => {
  const abort = new AbortController();
  const done = indexItems(fd, { form, onItems, signal: abort.signal });
  return {
    done,
    stop: async () => {
      abort.abort();
      await done;
    },
  };
};

/** What the worker is given. */
export const indexOrderSchema = v.object({
  fd: v.number(),
  form: v.picklist(['any', 'exact-lines']),
  givesWay: v.boolean(),
});

const faultSchema = v.object({ line: v.number(), byte: v.number(), message: v.string() });
const reportSchema = v.variant('type', [
  v.object({
    type: v.literal('items'),
    starts: v.instance(Float64Array<ArrayBuffer>),
    lengths: v.instance(Uint32Array<ArrayBuffer>),
    lines: v.instance(Uint32Array<ArrayBuffer>),
    checks: v.instance(Uint32Array<ArrayBuffer>),
  }),
  v.object({ type: v.literal('done'), fault: v.nullable(faultSchema) }),
]);

/** What the worker says. */
export type IndexReport = v.InferOutput<typeof reportSchema>;

/**
 * Indexes in a thread of its own, so that this one can do other things. `entry` is `index-worker.js` of the build. `givesWay`
 * where a person looks at the file meanwhile: see `giveWay`.
 */
export function indexInWorker(entry: string, givesWay = false): StartIndex {
  return (fd, form, onItems) => {
    const worker = new Worker(entry, { workerData: { fd, form, givesWay } });
    const done = new Promise<FileFault | null>((resolve) => {
      const broken = (why: string) =>
        resolve({ line: 1, byte: 0, message: `The file could not be indexed to its end: ${why}.` });
      worker.on('message', (message: unknown) => {
        const report = v.parse(reportSchema, message);
        if (report.type === 'items') onItems(report);
        else resolve(report.fault);
      });
      worker.on('error', (error) => broken(error instanceof Error ? error.message : String(error)));
      worker.on('exit', () => broken('its thread ended'));
    });
    return {
      done,
      stop: async () => {
        await worker.terminate();
      },
    };
  };
}
