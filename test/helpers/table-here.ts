import { goThrough } from '../../src/dataset/table/go-through';
import type { StartTable } from '../../src/dataset/table/start-table';

/** Goes through data files in this thread, between its other work. */
export const tableHere: StartTable = (order, onReport) => {
  const abort = new AbortController();
  const done = goThrough(order, onReport, abort.signal).then(
    () => null,
    (error: unknown) => String(error),
  );
  return {
    done,
    stop: async () => {
      abort.abort();
      await done;
    },
  };
};
