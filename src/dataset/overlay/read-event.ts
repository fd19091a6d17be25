import * as v from 'valibot';
import { parseJson } from '../../trace/parse-json';
import { EDIT_FORMAT, type EditEvent, editEventSchema } from './edit-event';
import type { OverlayFinding } from './overlay-finding';
import {
  type PartVerdict,
  partVerdictSchema,
  type VerdictEvent,
  type VerdictUndo,
  verdictEventSchema,
  verdictUndoSchema,
} from './verdict-event';

/** An event of any type that is known. */
export type OverlayEvent = EditEvent | VerdictEvent | PartVerdict | VerdictUndo;

/** What a line of an overlay file holds: an event, or none and why. */
export type ReadEvent = { readonly event: OverlayEvent } | { readonly finding: OverlayFinding };

/** An event of ours, of whatever type: later versions may have more. */
const anyEventSchema = v.object({ format: v.literal(EDIT_FORMAT), type: v.string() });

/** Reads one line (without its line feed) of an overlay file; `line` is its number, from 1. Throws nothing. */
export function readEvent(text: string, line: number): ReadEvent {
  const bad = (message: string): ReadEvent => ({
    finding: { code: 'bad-line', severity: 'error', message, line },
  });
  const json = parseJson(text);
  if ('fault' in json) {
    const why =
      json.fault === 'too-deep' ? 'it is nested too deep' : `byte ${json.place.bytes}: ${json.reason}`;
    return bad(`Line ${line} is no JSON that can be read (${why}); it is left out.`);
  }
  const { value } = json;
  if (isEvent(value)) return { event: value };
  const other = v.safeParse(anyEventSchema, value);
  const type = other.success ? other.output.type : 'edit';
  const known = KINDS.get(type);
  if (known === undefined) {
    const message = `Line ${line} is an event of type ${JSON.stringify(type)}, which this version does not know; it is left out.`;
    return { finding: { code: 'unknown-event', severity: 'warning', message, line } };
  }
  const [issue] = v.safeParse(known.schema, value).issues ?? [];
  const path = issue === undefined ? null : v.getDotPath(issue);
  return bad(
    `Line ${line} is no ${known.name} (${path === null ? '' : `${path}: `}${issue?.message}); it is left out.`,
  );
}

/** Every type of event, and what one is called. */
const KINDS = new Map<string, { readonly name: string; readonly schema: v.GenericSchema }>([
  ['edit', { name: 'edit', schema: editEventSchema }],
  ['verdict', { name: 'verdict', schema: verdictEventSchema }],
  ['part-verdict', { name: 'verdict on a part', schema: partVerdictSchema }],
  ['undo-verdict', { name: 'undo of a verdict', schema: verdictUndoSchema }],
]);

const eventSchema = v.variant('type', [
  editEventSchema,
  verdictEventSchema,
  partVerdictSchema,
  verdictUndoSchema,
]);

/** The value itself is the event, so that what it holds stays as it is, fields in their order included. */
function isEvent(value: unknown): value is OverlayEvent {
  return v.is(eventSchema, value);
}
