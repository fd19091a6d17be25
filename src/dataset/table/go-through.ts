import type { Rest } from '../../shared/rest';
import { inOrder } from '../export/in-order';
import type { DataItem, DataSource } from '../source/data-source';
import { openDataSource } from '../source/open-source';
import { indexHere } from '../source/start-index';
import { type ItemRow, rowOf } from './item-row';
import { TextSearch } from './search-item';
import type { TableOrder, TableReport } from './start-table';

/** Items between two reports. */
const BATCH = 100;
/** So many items are read at once, so that the disk is not waited for. */
const AT_ONCE = 4;

export type OnReport = (report: Exclude<TableReport, { type: 'done' }>) => void;

/**
 * Goes through all items of a data file, from first to last: makes their rows, or looks for a text. Stands still while `rest` lasts,
 * and ends early when `signal` is aborted. Throws `DataError` if the file cannot be opened.
 */
export async function goThrough(
  { path, images, otherwise, search }: TableOrder,
  onReport: OnReport,
  rest: Rest,
  signal: AbortSignal,
): Promise<void> {
  const source = await openDataSource(path, {
    startIndex: indexHere,
    // Who only looks for a text looks for no images.
    images: () => (search === null ? images : null),
    ...(otherwise !== null && { otherwise }),
  });
  try {
    if (search === null) await tabulate(source, onReport, rest, signal);
    else await find(source, new TextSearch(search), onReport, rest, signal);
  } finally {
    await source.close();
  }
}

async function tabulate(
  source: DataSource,
  onReport: OnReport,
  rest: Rest,
  signal: AbortSignal,
): Promise<void> {
  let rows: ItemRow[] = [];
  for await (const item of inOrder(numbers(rest), AT_ONCE, (index) => source.item(index))) {
    if (signal.aborted) return;
    if (item !== null) rows.push(rowOf(item));
    if (item !== null && rows.length < BATCH) continue;
    onReport({ type: 'rows', rows });
    rows = [];
    if (item === null) return;
  }
}

async function find(
  source: DataSource,
  text: TextSearch,
  onReport: OnReport,
  rest: Rest,
  signal: AbortSignal,
): Promise<void> {
  /** Null where there is no such item; else that item if it may say it. */
  const candidate = async (index: number): Promise<{ readonly item: DataItem | null } | null> => {
    const raw = await source.raw(index);
    if (raw === null) return null;
    return { item: text.mayMatch(raw, source.fallbackId(index)) ? await source.item(index) : null };
  };
  let found: number[] = [];
  let done = 0;
  for await (const one of inOrder(numbers(rest), AT_ONCE, candidate)) {
    if (signal.aborted) return;
    const trace = one?.item?.trace;
    if (trace && text.matches(trace)) found.push(done);
    if (one !== null) done++;
    if (one !== null && done % BATCH !== 0) continue;
    onReport({ type: 'matches', found, done });
    found = [];
    if (one === null) return;
  }
}

/** 0, 1, 2 and so on, for as long as somebody asks; none while `rest` lasts. */
async function* numbers(rest: Rest): AsyncGenerator<number> {
  for (let index = 0; ; index++) {
    await rest.over();
    yield index;
  }
}
