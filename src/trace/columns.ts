import { QUESTION_TYPES } from './trace';

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

/** What can be filtered by: a few values each. */
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

/** A row has one value of each column that filters, but may have several findings. Values, but for sources and codes: */
export const VALUES = {
  type: QUESTION_TYPES,
  revisions: ['some', 'none'],
  correct: ['right', 'wrong', 'unknown'],
  edited: ['edited', 'unedited'],
  verdict: ['approved', 'rejected', 'needs-edit', 'pending'],
  /** Of findings, besides codes: nothing was found. */
  findings: ['none'],
} as const;
