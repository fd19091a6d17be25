import * as v from 'valibot';
import type { Contract, Immutable } from '../protocol/contract';
import { changeSchema } from '../trace/edit/change';
import { traceSchema } from '../trace/trace-schema';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const eventId = v.pipe(v.string(), v.nonEmpty());
/** An edit, or null for the trace as it stands in the file. */
const entryId = v.nullable(eventId);

/** Which of the two traces that an edit lies between; of the original, the one of now (`before`) or it (`after`). */
const pastSchema = v.object({ entry: entryId, side: v.picklist(['before', 'after']) });

const entrySchema = v.object({
  id: eventId,
  /** What was done, as it is called where it is taken back. */
  label: v.string(),
  who: v.string(),
  /** When it was made, ISO 8601. */
  at: v.pipe(v.string(), v.isoTimestamp()),
  saved: v.boolean(),
  /** `undone`: it was applied, and taken back later. */
  state: v.picklist(['applied', 'undone', 'not-applied']),
  /** Whether it is what was done last. */
  isLast: v.boolean(),
  /** What the edit that it takes back is called; null if it takes none back. */
  undoes: v.nullable(v.string()),
  /** Why it is not applied, for people; null if it is. */
  reason: v.nullable(v.string()),
  /** Whether the edit that it follows is missing, so that nobody knows whether it still is in its place. */
  afterGap: v.boolean(),
});

const detailSchema = v.object({
  /** What the trace was before it and after it, where it was made; null if it does not fit there. */
  traces: v.nullable(v.object({ before: traceSchema, after: traceSchema })),
  /** What leads from the one to the other. */
  changes: v.array(changeSchema),
  /** Whether the trace is now as it was after it, so that there is nothing to restore. */
  isNow: v.boolean(),
});

export type PastTrace = Immutable<v.InferOutput<typeof pastSchema>>;
export type HistoryEntryView = Immutable<v.InferOutput<typeof entrySchema>>;
export type HistoryDetail = Immutable<v.InferOutput<typeof detailSchema>>;

/** For the request for an image: of which trace of the history it is, if not of the one that is shown. */
export const pastImage = { past: v.optional(pastSchema) };

/**
 * What a view asks of the history of the trace that it shows. As with images, the answer is null where `revision` is not
 * that of the trace that the host has by now, which it is about to show.
 */
export const historyMethods = {
  /** All edits of the trace, the newest first. */
  history: {
    params: v.object({ revision: count }),
    event: v.never(),
    result: v.nullable(v.array(entrySchema)),
  },
  /** What an edit did; of the original, how it differs from the trace as it is now: that is `before`. */
  historyEntry: {
    params: v.object({ revision: count, id: entryId }),
    event: v.never(),
    result: v.nullable(detailSchema),
  },
  /** Makes the trace what it was right after an edit, by a new edit. Fails as `edit` does. */
  restore: {
    params: v.object({ revision: count, id: entryId }),
    event: v.never(),
    result: v.null(),
  },
} satisfies Contract['methods'];
