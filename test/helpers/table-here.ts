import { goThrough } from '../../src/dataset/table/go-through';
import type { StartTable } from '../../src/dataset/table/start-table';
import { Rest } from '../../src/shared/rest';

/** Goes through data files in this thread, between its other work. */
export const tableHere: StartTable = (order, onReport) => {
  const abort = new AbortController();
  const rest = new Rest();
  const done = goThrough(order, onReport, rest, abort.signal).then(
    () => null,
    (error: unknown) => String(error),
  );
  return {
    done,
    rest: (milliseconds) => rest.begin(milliseconds),
    stop: async () => {
      abort.abort();
      await done;
    },
  };
};
