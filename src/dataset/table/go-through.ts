import type { DataSource } from '../source/data-source';
import { openDataSource } from '../source/open-source';
import { indexHere } from '../source/start-index';
import { type ItemRow, rowOf } from './item-row';
import { TextSearch } from './search-item';
import type { TableOrder, TableReport } from './start-table';

/** Items between two reports. */
const BATCH = 100;

export type OnReport = (report: Exclude<TableReport, { type: 'done' }>) => void;

/**
 * Goes through all items of a data file, from first to last, one at a time: makes their rows, or looks for a text. Ends early when
 * `signal` is aborted. Throws `DataError` if the file cannot be opened.
 */
export async function goThrough(
  { path, images, otherwise, search }: TableOrder,
  onReport: OnReport,
  signal: AbortSignal,
): Promise<void> {
  const source = await openDataSource(path, {
    startIndex: indexHere,
    // Who only looks for a text looks for no images.
    images: () => (search === null ? images : null),
    ...(otherwise !== null && { otherwise }),
  });
  try {
    if (search === null) await tabulate(source, onReport, signal);
    else await find(source, new TextSearch(search), onReport, signal);
  } finally {
    await source.close();
  }
}

async function tabulate(source: DataSource, onReport: OnReport, signal: AbortSignal): Promise<void> {
  let rows: ItemRow[] = [];
  for (let index = 0; !signal.aborted; index++) {
    const item = await source.item(index);
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
  signal: AbortSignal,
): Promise<void> {
  let found: number[] = [];
  for (let index = 0; !signal.aborted; index++) {
    const raw = await source.raw(index);
    const trace = raw !== null && text.mayMatch(raw) ? (await source.item(index))?.trace : null;
    if (trace && text.matches(trace)) found.push(index);
    if (raw !== null && index % BATCH !== BATCH - 1) continue;
    onReport({ type: 'matches', found, done: raw === null ? index : index + 1 });
    found = [];
    if (raw === null) return;
  }
}
