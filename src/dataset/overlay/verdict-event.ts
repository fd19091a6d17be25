import * as v from 'valibot';
import { VERDICTS } from '../../trace/verdict';
import { EDIT_FORMAT, timestamp, traceRefSchema } from './edit-event';

const uuid = v.pipe(v.string(), v.uuid());
const made = { id: uuid, at: timestamp, who: v.string(), trace: traceRefSchema };

const said = {
  verdict: v.picklist(VERDICTS),
  reason: v.optional(v.string()),
  comment: v.optional(v.string()),
  of: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'Invalid hash: Expected 64 hexadecimal digits')),
};

/** A line of an overlay file that says what somebody thinks of a trace. Fields that it does not name are let through. */
export const verdictEventSchema = v.object({
  format: v.literal(EDIT_FORMAT),
  type: v.literal('verdict'),
  ...made,
  ...said,
});

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** See `Place`. */
export const placeSchema = v.object({ turn: count, shape: v.optional(count) });

/** A part of a trace: the turn at place `turn`, or the drawing at place `shape` of those of that turn; both from 0. */
export type Place = v.InferOutput<typeof placeSchema>;

/**
 * A line that says what somebody thinks of a part of a trace alone. It has a type of its own, so that a version that knows of
 * none leaves it out, and does not take it for a verdict on the whole.
 */
export const partVerdictSchema = v.object({
  format: v.literal(EDIT_FORMAT),
  type: v.literal('part-verdict'),
  ...made,
  place: placeSchema,
  ...said,
});

/** A line that takes a verdict back, as if it had never been said. */
export const verdictUndoSchema = v.object({
  format: v.literal(EDIT_FORMAT),
  type: v.literal('undo-verdict'),
  ...made,
  undoes: uuid,
});

/** What somebody thinks of a part of a trace; `of` names what they judged: see `pinOfPart`. */
export type PartVerdict = v.InferOutput<typeof partVerdictSchema>;
/** What somebody thinks of a trace; `of` names what they judged: see `pinOf`. */
export type VerdictEvent = v.InferOutput<typeof verdictEventSchema>;
export type VerdictUndo = v.InferOutput<typeof verdictUndoSchema>;
