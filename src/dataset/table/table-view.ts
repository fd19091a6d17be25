import { FILTER_COLUMNS, type FilterColumn, type SortColumn } from '../../trace/columns';
import type { Column } from './coded-column';
import type { Facet, Facets, TableQuery } from './table-query';

/** The rows that a query shows, in its order, and what else could be chosen. */
export interface TableView {
  /** Numbers of the items. */
  readonly order: Uint32Array;
  readonly facets: Facets;
}

/** Most values of a column that are told besides those that are chosen; the most frequent ones. */
const MOST_VALUES = 100;

/** A column while rows are let through or not. */
interface Filtered {
  readonly column: FilterColumn;
  readonly wanted: ReadonlySet<string>;
  readonly values: (readonly string[])[];
  readonly codes: Uint32Array;
  /** For each code 1 if the filter keeps it away. */
  readonly fails: Uint8Array;
  /** For each code how many rows have it. */
  readonly tally: Uint32Array;
}

/**
 * Filters and sorts `count` rows by their columns, in a few milliseconds for a hundred thousand: a row is compared by the codes of its
 * cells alone. Those that `isAway` says are not even counted.
 */
export function viewOf(
  columns: Readonly<Record<SortColumn, Column>>,
  count: number,
  { sort, filters, matches }: Omit<TableQuery, 'slice'>,
  isAway: (index: number) => boolean,
): TableView {
  const filtered = FILTER_COLUMNS.map((column) => begin(column, columns[column], filters[column] ?? []));
  const kept = new Uint32Array(count);
  let keptCount = 0;
  for (let index = 0; index < count; index++) {
    if (isAway(index) || (matches !== null && !matches.has(index))) continue;
    let failures = 0;
    let failing: Filtered | null = null;
    for (const one of filtered) {
      if (one.fails[one.codes[index] ?? 0] === 0) continue;
      failures++;
      failing = one;
    }
    if (failures === 0) kept[keptCount++] = index;
    // A column's own filter does not take away what else could be chosen in it.
    if (failing === null) for (const one of filtered) tallyUp(one, index);
    else if (failures === 1) tallyUp(failing, index);
  }
  const order = kept.slice(0, keptCount);
  return {
    order: sort === null ? order : sorted(order, columns[sort.column], sort.descending),
    facets: toFacets(filtered),
  };
}

function begin(column: FilterColumn, cells: Column, chosen: readonly string[]): Filtered {
  const values = cells.values();
  const wanted = new Set(chosen);
  const isAway = (of: readonly string[]) => wanted.size > 0 && !of.some((value) => wanted.has(value));
  return {
    ...{ column, wanted, values, codes: cells.codes.all() },
    fails: Uint8Array.from(values, (of) => Number(isAway(of))),
    tally: new Uint32Array(values.length),
  };
}

function tallyUp({ tally, codes }: Filtered, index: number): void {
  increase(tally, codes[index] ?? 0);
}

/** Rows that are alike stay in the order of the file, either way. Counts the rows of each rank, as there are few ranks. */
function sorted(order: Uint32Array, column: Column, descending: boolean): Uint32Array {
  const codes = column.codes.all();
  const ranks = column.ranks();
  const rankOf = (index: number) => {
    const rank = ranks[codes[index] ?? 0] ?? 0;
    return descending ? ranks.length - 1 - rank : rank;
  };
  /** For each rank the place of its next row. */
  const places = new Uint32Array(ranks.length + 1);
  for (const index of order) increase(places, rankOf(index) + 1);
  for (let rank = 1; rank < places.length; rank++) increase(places, rank, places[rank - 1]);
  const result = new Uint32Array(order.length);
  for (const index of order) {
    const rank = rankOf(index);
    result[places[rank] ?? 0] = index;
    increase(places, rank);
  }
  return result;
}

function increase(numbers: Uint32Array, at: number, by = 1): void {
  numbers[at] = (numbers[at] ?? 0) + by;
}

function toFacets(filtered: readonly Filtered[]): Facets {
  const of = (column: FilterColumn): Facet[] => {
    const one = filtered.find((candidate) => candidate.column === column);
    if (one === undefined) return [];
    const counts = new Map<string, number>();
    for (const [code, values] of one.values.entries()) {
      const rows = one.tally[code] ?? 0;
      if (rows > 0) for (const value of values) counts.set(value, (counts.get(value) ?? 0) + rows);
    }
    return [...counts]
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .filter(({ value }, place) => place < MOST_VALUES || one.wanted.has(value));
  };
  return {
    ...{ source: of('source'), type: of('type'), revisions: of('revisions'), correct: of('correct') },
    ...{ findings: of('findings'), edited: of('edited'), verdict: of('verdict') },
  };
}
