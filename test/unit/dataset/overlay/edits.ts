import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { EditEvent, TraceRef } from '../../../../src/dataset/overlay/edit-event';
import type { Change } from '../../../../src/trace/edit/change';
import type { Trace } from '../../../../src/trace/trace';
import { readTrace, type SourceLine, writeTrace } from '../../../../src/trace/trace-line';
import { sampleTrace } from '../../trace/sample-trace';

/** A line of a source file, the trace in it, and its name. */
export interface SourceTrace {
  readonly line: string;
  readonly trace: Trace;
  readonly source: SourceLine;
  readonly ref: TraceRef;
}

/** The sample trace under another name, with a field that the format does not know and keys in an odd order. */
export function sourceTrace(id: string, occurrence = 0): SourceTrace {
  const turns = sampleTrace.turns.map(({ think, ...turn }) => ({ extra: [1, id], ...turn, think }));
  const line = JSON.stringify({ odd: { id }, ...sampleTrace, id, turns }).replace('"id"', ' "id"');
  const { trace, source } = readTrace(line);
  if (trace === null || source === null) throw new Error('the sample is no trace');
  return { line, trace, source, ref: { hash: sha256(line), occurrence } };
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The line of a trace, given the one that it was read from. */
export const lineOf = (trace: Trace, { source }: SourceTrace): string => writeTrace(trace, source);

/** A uuid that tells its number. */
export const idOf = (number: number): string =>
  `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

/** An event that sets the question, `minute` minutes after noon. */
export function questionEvent(
  { trace, ref }: SourceTrace,
  number: number,
  parent: number | null,
  more: Partial<EditEvent> & { readonly before?: string; readonly minute?: number } = {},
): EditEvent {
  const { before = parent === null ? trace.question : `Q${parent}`, minute = number, ...rest } = more;
  return {
    format: 'vilasr.edit/1',
    type: 'edit',
    id: idOf(number),
    parent: parent === null ? null : idOf(parent),
    at: new Date(Date.UTC(2026, 10, 25, 12, minute)).toISOString(),
    who: 'Ann',
    trace: ref,
    label: `Q${number}`,
    changes: [{ type: 'field', field: 'question', before, after: `Q${number}` }],
    ...rest,
  };
}

/** Numbers out of which `changeFor` makes a change that fits whatever trace it is for. */
export const changeSeed = fc.record({
  kind: fc.constantFrom('text', 'text', 'insert', 'remove', 'move', 'question', 'options', 'gold'),
  a: fc.nat(1000),
  b: fc.nat(1000),
  text: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('<answer>', '```json\n', '</think>'),
  ),
});
export type ChangeSeed = typeof changeSeed extends fc.Arbitrary<infer T> ? T : never;

export function changeFor(trace: Trace, { kind, a, b, text }: ChangeSeed): Change {
  const { turns } = trace;
  const place = turns.length === 0 ? 0 : a % turns.length;
  const turn = turns[place];
  if (kind === 'gold') return { type: 'field', field: 'gold', before: trace.gold, after: text };
  if (kind === 'options') {
    return { type: 'field', field: 'options', before: [...trace.options], after: [...trace.options, text] };
  }
  if (kind === 'question') {
    return { type: 'field', field: 'question', before: trace.question, after: text };
  }
  if (turn === undefined || (kind === 'insert' && turns.length < 6)) {
    const added = { seconds: null, more: { b }, text, finish: 'stop' as const, tokens: b };
    return { type: 'insert-turn', at: a % (turns.length + 1), turn: added };
  }
  if (kind === 'remove') return { type: 'remove-turn', at: place, turn: { ...turn } };
  if (kind === 'move') return { type: 'move-turn', from: place, to: b % turns.length };
  const start = b % (turn.text.length + 1);
  return {
    type: 'text',
    turn: place,
    start,
    removed: turn.text.slice(start, start + (a % 20)),
    inserted: text,
  };
}
