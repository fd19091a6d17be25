import * as v from 'valibot';
import { changeSchema } from '../../trace/edit/change';

/** The version of the JSON form. `docs/overlay-format.md` defines it field by field. */
export const EDIT_FORMAT = 'vilasr.edit/1';

/** ISO 8601 in UTC. Not all that is written so is a time that there is a date of, as one with an offset of hours alone. */
export const timestamp = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.check((text) => !Number.isNaN(Date.parse(text)), 'Invalid timestamp: Expected a time in ISO 8601'),
);

/** See `TraceRef`. */
export const traceRefSchema = v.object({
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'Invalid hash: Expected 64 hexadecimal digits')),
  occurrence: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

/**
 * Which trace of a data file is meant, wherever it stands in it: `hash` is the SHA-256 (hexadecimal) of its JSON text as it
 * is in the source, `occurrence` says how many of the same text stand before it.
 */
export type TraceRef = v.InferOutput<typeof traceRefSchema>;

/** One line of an overlay file. Fields that it does not name are let through. */
export const editEventSchema = v.object({
  format: v.literal(EDIT_FORMAT),
  type: v.literal('edit'),
  id: v.pipe(v.string(), v.uuid()),
  parent: v.nullable(v.pipe(v.string(), v.uuid())),
  at: timestamp,
  who: v.string(),
  trace: traceRefSchema,
  label: v.string(),
  changes: v.pipe(v.array(changeSchema), v.minLength(1)),
  undoes: v.optional(v.pipe(v.string(), v.uuid())),
});

/**
 * One edit of one trace. `parent` is the event before it on the same trace, null for the first. An event that takes another
 * one back, `undoes`, has its changes inverted.
 */
export type EditEvent = v.InferOutput<typeof editEventSchema>;

/** One name for a trace, to be used as a key. */
export const refKey = ({ hash, occurrence }: TraceRef): string => `${hash}:${occurrence}`;

/** The line of an event, without a line feed. */
export const writeEvent = <E extends { readonly format: typeof EDIT_FORMAT }>(event: E): string =>
  JSON.stringify(event);

/** Events of one trace are older or newer than one another by when they were made; at the same moment, by their names. */
export function compareEvents(a: EditEvent, b: EditEvent): number {
  return Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
