import * as v from 'valibot';
import type { Immutable } from '../protocol/contract';
import { SORT_COLUMNS } from '../trace/columns';
import { QUESTION_TYPES } from '../trace/trace';
import { VERDICTS } from '../trace/verdict';

/** The part of the contract that the list of a file's traces needs. */

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Something of each column that filters. */
const everyColumn = <T extends v.GenericSchema>(of: T) =>
  v.object({
    ...{ source: of, type: of, revisions: of, correct: of },
    ...{ findings: of, edited: of, verdict: of },
  });

/** Most rows that are asked for at once: more than a screen has. */
export const MOST_ROWS = 200;

/** What the list shows, and in which order. */
export const listQuerySchema = v.object({
  /** Null for the order of the file. */
  sort: v.nullable(v.object({ column: v.picklist(SORT_COLUMNS), descending: v.boolean() })),
  /** Of each column the values of which a row must have one. */
  filters: everyColumn(v.array(v.string())),
  /** Part `part` (from 1) of so many that are about equal, question by question; null for all. */
  slice: v.optional(
    v.nullable(
      v.pipe(
        v.object({ part: v.pipe(count, v.minValue(1)), of: v.pipe(count, v.minValue(2), v.maxValue(1000)) }),
        v.check(({ part, of }) => part <= of, 'There are not so many parts.'),
      ),
    ),
    null,
  ),
  /** What rows must say; empty for anything. */
  search: v.string(),
});

const facetSchema = v.object({ value: v.string(), count });

const listSchema = v.object({
  /** How many rows there are by the query, of how many that were read so far. */
  count,
  read: count,
  /** How many items the file has, as far as is known, and whether rows are still being made of them. */
  total: count,
  reading: v.boolean(),
  /** How many items were searched so far; null where nothing is being searched for, or it is done. */
  searched: v.nullable(count),
  /** What could be chosen in each column, with how many rows that would leave. */
  facets: everyColumn(v.array(facetSchema)),
  /** The number of the trace that is shown, and its place among the rows; null if it is not among them. */
  shown: count,
  place: v.nullable(count),
  /** Of all pairs of verdicts by two people on the same state of a trace of the file how many say the same. */
  agreement: v.object({ pairs: count, agreed: count }),
  /** Why the file cannot be listed to its end, in words; null if it can. */
  problem: v.nullable(v.string()),
});

/** A row of the list. */
export const listRowSchema = v.object({
  /** Number of the trace in the file, from 0. */
  index: count,
  line: count,
  /** Null where it is no trace. */
  id: v.nullable(v.string()),
  name: v.string(),
  source: v.string(),
  type: v.nullable(v.picklist(QUESTION_TYPES)),
  ...{ turns: count, boxes: count, lines: count, revisions: count },
  correct: v.nullable(v.boolean()),
  codes: v.array(v.string()),
  edited: v.boolean(),
  verdict: v.picklist(VERDICTS),
});

export type ListQuery = Immutable<v.InferOutput<typeof listQuerySchema>>;
export type ListState = Immutable<v.InferOutput<typeof listSchema>>;
export type ListRow = Immutable<v.InferOutput<typeof listRowSchema>>;

/** The list of all, as it stands in the file. */
export const WHOLE_LIST: ListQuery = {
  sort: null,
  filters: { source: [], type: [], revisions: [], correct: [], findings: [], edited: [], verdict: [] },
  slice: null,
  search: '',
};

/** Whether nothing is left out, in whatever order. */
export const showsAll = ({ filters, slice, search }: ListQuery): boolean =>
  slice === null && search.trim() === '' && Object.values(filters).every(({ length }) => length === 0);

/** What the webview asks of the host. */
export const listMethods = {
  /** Shows other rows from now on. Where the file is not listed yet, that begins. */
  list: { params: listQuerySchema, event: v.never(), result: listSchema },
  /** Some rows of the list, by their places; those that are not there are left out. */
  rows: {
    params: v.object({ from: count, count: v.pipe(count, v.maxValue(MOST_ROWS)) }),
    event: v.never(),
    result: v.array(listRowSchema),
  },
  /** The number of the trace after or before the one that is shown, as the list goes; null at its end. */
  neighbour: {
    params: v.object({ by: v.picklist([1, -1]) }),
    event: v.never(),
    result: v.nullable(count),
  },
} as const;

/** What the host tells the webview. */
export const listNews = {
  /** The list may be another: more of the file was read or searched, or something was edited. */
  listChanged: { params: v.object({}), event: v.never(), result: v.null() },
} as const;
