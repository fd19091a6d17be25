import type { FilterColumn, SortColumn } from '../../trace/columns';

/** Which rows are shown, and how they are ordered. */
export interface TableQuery {
  /** Null for the order of the file, which also decides between rows that are alike. */
  readonly sort: { readonly column: SortColumn; readonly descending: boolean } | null;
  /** Of each column, the values of which a row must have one; a column without values does not filter. */
  readonly filters: Readonly<Partial<Record<FilterColumn, readonly string[]>>>;
  /** A share of the questions, with all their answers; null for all. */
  readonly slice: Slice | null;
  /** Numbers of the items that a search found so far; null if nothing was searched for. */
  readonly matches: ReadonlySet<number> | null;
}

/** Part `part` (from 1) of `of` that are about equal: several people share a file without a server. */
export interface Slice {
  readonly part: number;
  readonly of: number;
}

/** How many rows have a value of a column, of those that all other columns' filters let through. */
export interface Facet {
  readonly value: string;
  readonly count: number;
}
export type Facets = Readonly<Record<FilterColumn, readonly Facet[]>>;
