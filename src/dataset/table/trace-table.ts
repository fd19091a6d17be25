import { FILTER_COLUMNS, type FilterColumn, type SortColumn } from '../../trace/columns';
import type { Verdict } from '../../trace/verdict';
import type { ItemRow } from './item-row';
import type { Facet, Facets, TableQuery } from './table-query';

/** What becomes of an item besides what its file says. */
export interface RowState {
  /** The row of the trace with its edits; null where there are none. */
  readonly edited: Omit<ItemRow, 'line' | 'hash' | 'fileCodes'> | null;
  readonly verdict: Verdict;
}

/** A row as it stands: with its edits. */
export interface TableRow extends Omit<ItemRow, 'fileCodes' | 'traceCodes'> {
  /** From 0. */
  readonly index: number;
  readonly codes: readonly string[];
  readonly edited: boolean;
  readonly verdict: Verdict;
}

/** The rows that a query shows, in its order, and what else could be chosen. */
export interface TableView {
  /** Numbers of the items. */
  readonly order: Uint32Array;
  readonly facets: Facets;
}

/** A query that shows everything in the order of the file. */
export const WHOLE: TableQuery = { sort: null, filters: {}, matches: null };

const NO_STATE: RowState = { edited: null, verdict: 'pending' };

/** The rows of a data file, in its order. Strings that many share are held once. */
export class TraceTable {
  private readonly rows: ItemRow[] = [];
  private readonly states = new Map<number, RowState>();
  private readonly shared = new Map<string, string>();
  private readonly codes = new Map<string, readonly string[]>();
  private readonly byHash = new Map<string, number[]>();

  get count(): number {
    return this.rows.length;
  }

  /** The next items of the file. */
  append(rows: readonly ItemRow[]): void {
    for (const row of rows) {
      const index = this.rows.push({
        ...row,
        source: this.share(row.source),
        fileCodes: this.shareCodes(row.fileCodes),
        traceCodes: this.shareCodes(row.traceCodes),
      });
      const twins = this.byHash.get(row.hash);
      if (twins === undefined) this.byHash.set(row.hash, [index - 1]);
      else twins.push(index - 1);
    }
  }

  /** The number of the item with that text before which so many others have the same; undefined if it is not there (yet). */
  find({ hash, occurrence }: { readonly hash: string; readonly occurrence: number }): number | undefined {
    return this.byHash.get(hash)?.[occurrence];
  }

  /** In place of all states that were set before. */
  setStates(states: ReadonlyMap<number, RowState>): void {
    this.states.clear();
    for (const [index, state] of states) this.states.set(index, state);
  }

  row(index: number): TableRow | null {
    const row = this.rows[index];
    if (row === undefined) return null;
    const { fileCodes, traceCodes, ...rest } = row;
    const { edited, verdict } = this.states.get(index) ?? NO_STATE;
    const { traceCodes: codes, ...said } = edited ?? { ...rest, traceCodes };
    return {
      ...{ ...rest, ...said, index, verdict, edited: edited !== null },
      codes: codes.length === 0 ? fileCodes : [...new Set([...fileCodes, ...codes])].sort(),
    };
  }

  view({ sort, filters, matches }: TableQuery): TableView {
    const wanted = FILTER_COLUMNS.flatMap((column) => {
      const values = filters[column] ?? [];
      return values.length === 0 ? [] : [{ column, values: new Set(values) }];
    });
    const counts = new Map(FILTER_COLUMNS.map((column) => [column, new Map<string, number>()]));
    const order: number[] = [];
    for (let index = 0; index < this.rows.length; index++) {
      if (matches !== null && !matches.has(index)) continue;
      const row = this.row(index);
      if (row === null) continue;
      const failing = wanted.filter(
        ({ column, values }) => !valuesOf(row, column).some((v) => values.has(v)),
      );
      if (failing.length === 0) order.push(index);
      // A column's own filter does not take away what else could be chosen in it.
      if (failing.length > 1) continue;
      for (const column of FILTER_COLUMNS) {
        if (failing.length === 1 && failing[0]?.column !== column) continue;
        const of = counts.get(column);
        for (const value of valuesOf(row, column)) of?.set(value, (of.get(value) ?? 0) + 1);
      }
    }
    return { order: this.sorted(order, sort), facets: toFacets(counts) };
  }

  private sorted(order: readonly number[], sort: TableQuery['sort']): Uint32Array {
    if (sort === null) return Uint32Array.from(order);
    const { column, descending } = sort;
    const keys = new Map(order.map((index) => [index, sortKey(this.row(index), column)]));
    const by = (index: number) => keys.get(index) ?? 0;
    const sorted = [...order].sort((a, b) => {
      const compared = compare(by(a), by(b));
      return (descending ? -compared : compared) || a - b;
    });
    return Uint32Array.from(sorted);
  }

  private share(text: string): string {
    const known = this.shared.get(text);
    if (known === undefined) this.shared.set(text, text);
    return known ?? text;
  }

  private shareCodes(codes: readonly string[]): readonly string[] {
    const key = codes.join();
    const known = this.codes.get(key);
    if (known === undefined) this.codes.set(key, codes);
    return known ?? codes;
  }
}

/** The values of a row in a column that filters. */
function valuesOf(row: TableRow, column: FilterColumn): readonly string[] {
  switch (column) {
    case 'source':
      return [row.source];
    case 'type':
      return row.type === null ? [] : [row.type];
    case 'revisions':
      return [row.revisions > 0 ? 'some' : 'none'];
    case 'correct':
      return [correctness(row)];
    case 'findings':
      return row.codes.length === 0 ? ['none'] : row.codes;
    case 'edited':
      return [row.edited ? 'edited' : 'unedited'];
    case 'verdict':
      return [row.verdict];
  }
}

const correctness = ({ correct }: TableRow): string =>
  correct === null ? 'unknown' : correct ? 'right' : 'wrong';

function sortKey(row: TableRow | null, column: SortColumn): string | number {
  if (row === null) return 0;
  switch (column) {
    case 'source':
    case 'verdict':
      return row[column];
    case 'type':
      return row.type ?? '';
    case 'correct':
      return correctness(row);
    case 'findings':
      return row.codes.length;
    case 'edited':
      return Number(row.edited);
    default:
      return row[column];
  }
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function toFacets(counts: ReadonlyMap<FilterColumn, ReadonlyMap<string, number>>): Facets {
  const of = (column: FilterColumn): Facet[] =>
    [...(counts.get(column) ?? [])]
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || compare(a.value, b.value));
  return {
    ...{ source: of('source'), type: of('type'), revisions: of('revisions'), correct: of('correct') },
    ...{ findings: of('findings'), edited: of('edited'), verdict: of('verdict') },
  };
}
