/** What can be sorted by. `findings`: by how many kinds there are. */
export const SORT_COLUMNS = [
  'source',
  'type',
  'turns',
  'boxes',
  'lines',
  'revisions',
  'correct',
  'findings',
  'edited',
  'verdict',
] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

/**
 * What can be filtered by, with the values of a row: its source and its type; `some` or `none` revisions; `right`, `wrong` or
 * `unknown`; the codes of its findings or `none`; `edited` or `unedited`; its verdict.
 */
export const FILTER_COLUMNS = [
  'source',
  'type',
  'revisions',
  'correct',
  'findings',
  'edited',
  'verdict',
] as const;
export type FilterColumn = (typeof FILTER_COLUMNS)[number];
