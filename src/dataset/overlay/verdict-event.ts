import * as v from 'valibot';
import { VERDICTS } from '../../trace/verdict';
import { EDIT_FORMAT, traceRefSchema } from './edit-event';

const uuid = v.pipe(v.string(), v.uuid());
const made = { id: uuid, at: v.pipe(v.string(), v.isoTimestamp()), who: v.string(), trace: traceRefSchema };

/** A line of an overlay file that says what somebody thinks of a trace. Fields that it does not name are let through. */
export const verdictEventSchema = v.object({
  format: v.literal(EDIT_FORMAT),
  type: v.literal('verdict'),
  ...made,
  verdict: v.picklist(VERDICTS),
  reason: v.optional(v.string()),
  comment: v.optional(v.string()),
  of: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'Invalid hash: Expected 64 hexadecimal digits')),
});

/** A line that takes a verdict back, as if it had never been said. */
export const verdictUndoSchema = v.object({
  format: v.literal(EDIT_FORMAT),
  type: v.literal('undo-verdict'),
  ...made,
  undoes: uuid,
});

/** What somebody thinks of a trace; `of` names what they judged: see `pinOf`. */
export type VerdictEvent = v.InferOutput<typeof verdictEventSchema>;
export type VerdictUndo = v.InferOutput<typeof verdictUndoSchema>;
