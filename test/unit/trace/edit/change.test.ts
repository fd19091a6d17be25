import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  applyChanges,
  type Change,
  ChangeConflict,
  changeSchema,
  invertChanges,
} from '../../../../src/trace/edit/change';
import type { Trace } from '../../../../src/trace/trace';
import { readTrace, writeTrace } from '../../../../src/trace/trace-line';
import { sampleTrace } from '../sample-trace';
import { anyTurnText, runs } from './turn-texts';

/** As a change comes back from a file. */
const stored = (changes: readonly Change[]): Change[] =>
  v.parse(v.array(changeSchema), JSON.parse(JSON.stringify(changes)));

const unknownFields = fc.oneof(
  fc.dictionary(
    fc.string({ maxLength: 6 }).map((name) => `x${name}`),
    fc.jsonValue(),
    { maxKeys: 2 },
  ),
  fc.constant(JSON.parse('{"__proto__": 1, "constructor": [2], "toString": null}')),
);
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), anyTurnText);

/** A line with fields that the format does not name, in any order, with or without the derived ones. */
const anyLine = fc
  .record({
    top: unknownFields,
    turn: unknownFields,
    image: unknownFields,
    texts: fc.array(anyText, { maxLength: 4 }),
    last: fc.boolean(),
    derived: fc.boolean(),
  })
  .map(({ top, turn, image, texts, last, derived }) => {
    const spoken = { finish: 'stop', tokens: null, seconds: 0.5 };
    const said = derived ? { answer: null, images: [], think: 'x' } : {};
    return JSON.stringify({
      ...top,
      ...sampleTrace,
      images: sampleTrace.images.map((one) => (last ? { ...one, ...image } : { ...image, ...one })),
      turns: texts.map((text) =>
        last ? { ...said, text, ...spoken, ...turn } : { ...turn, text, ...spoken, ...said },
      ),
    });
  });

/** What to do next; numbers are made to fit the trace as it then is. */
const anyStep = fc.record({
  what: fc.constantFrom('text', 'text', 'insert', 'remove', 'move', 'question', 'options', 'images'),
  at: fc.nat(1_000),
  to: fc.nat(1_000),
  text: anyText,
});

function changeOf(
  trace: Trace,
  { what, at, to, text }: typeof anyStep extends fc.Arbitrary<infer S> ? S : never,
): Change {
  const { turns, images, question, options } = trace;
  const turn = turns[at % Math.max(turns.length, 1)];
  const place = turn ? turns.indexOf(turn) : 0;
  if (what === 'question') return { type: 'field', field: what, before: question, after: text };
  if (what === 'options') return { type: 'field', field: what, before: options, after: [text] };
  if (what === 'images') return { type: 'field', field: what, before: images, after: [...images, ...images] };
  if (what === 'remove' && turn) return { type: 'remove-turn', at: place, turn };
  if (what === 'move' && turn) return { type: 'move-turn', from: place, to: to % turns.length };
  if (what === 'text' && turn) {
    const start = to % (turn.text.length + 1);
    return {
      type: 'text',
      turn: place,
      start,
      removed: turn.text.slice(start, start + (at % 9)),
      inserted: text,
    };
  }
  const made = turn && at % 2 === 0 ? turn : { text, finish: 'stop' as const, tokens: null, seconds: null };
  return { type: 'insert-turn', at: to % (turns.length + 1), turn: made };
}

function take(trace: Trace, steps: Parameters<typeof changeOf>[1][]): { trace: Trace; changes: Change[] } {
  const changes: Change[] = [];
  let now = trace;
  for (const step of steps) {
    const change = changeOf(now, step);
    changes.push(change);
    now = applyChanges(now, [change]);
  }
  return { trace: now, changes };
}

describe('changes', () => {
  it('that are taken back leave the very bytes that were there', () => {
    fc.assert(
      fc.property(anyLine, fc.array(anyStep, { maxLength: 8 }), (line, steps) => {
        const { trace, source } = readTrace(line);
        if (!trace) throw new Error('not read');
        const { trace: changed, changes } = take(trace, steps);
        const back = applyChanges(changed, invertChanges(changes));
        expect(writeTrace(back, source)).toBe(line);
      }),
      { ...runs(300), seed: 21 },
    );
  });

  it('do the same at once as one by one, and once more after they were taken back, also from a file', () => {
    fc.assert(
      fc.property(anyLine, fc.array(anyStep, { maxLength: 8 }), (line, steps) => {
        const { trace, source } = readTrace(line);
        if (!trace) throw new Error('not read');
        const { trace: changed, changes } = take(trace, steps);
        const written = writeTrace(changed, source);
        expect(writeTrace(applyChanges(trace, stored(changes)), source)).toBe(written);
        const back = applyChanges(changed, stored(invertChanges(changes)));
        expect(writeTrace(back, source)).toBe(line);
        expect(writeTrace(applyChanges(back, invertChanges(invertChanges(changes))), source)).toBe(written);
      }),
      { ...runs(300), seed: 22 },
    );
  });

  it('make the derived fields anew', () => {
    const [first] = sampleTrace.turns;
    if (!first) throw new Error('There is a turn.');
    const start = first.text.indexOf('[1, 2, 30, 40]');
    const { turns } = applyChanges(sampleTrace, [
      { type: 'text', turn: 0, start, removed: '[1, ', inserted: '[7, ' },
      { type: 'remove-turn', at: 1, turn: sampleTrace.turns[1] ?? first },
    ]);
    expect(turns.map(({ drawings, images }) => [drawings, images])).toEqual([
      [[{ index: 1, bbox_2d: [7, 2, 30, 40], label: 'start' }], [2]],
      [[], []],
    ]);
  });

  it('of none leave the trace itself', () => {
    expect(applyChanges(sampleTrace, [])).toBe(sampleTrace);
  });
});

describe('a change that does not fit', () => {
  const [turn] = sampleTrace.turns;
  if (!turn) throw new Error('There is a turn.');
  it.each<[string, Change, string]>([
    [
      'other text',
      { type: 'text', turn: 0, start: 0, removed: 'x', inserted: '' },
      'The text of turn 1 is not what it was',
    ],
    [
      'a place beyond the text',
      { type: 'text', turn: 0, start: 9_999, removed: '', inserted: 'x' },
      'at character 9999',
    ],
    ['no such turn', { type: 'text', turn: 7, start: 0, removed: '', inserted: 'x' }, 'no such turn 8'],
    ['a gap before a new turn', { type: 'insert-turn', at: 4, turn }, 'no such turn 5'],
    ['another turn', { type: 'remove-turn', at: 1, turn }, 'no such turn 2'],
    [
      'a turn that was heard otherwise',
      { type: 'remove-turn', at: 0, turn: { ...turn, tokens: 9 } },
      'no such turn 1',
    ],
    ['a move from nowhere', { type: 'move-turn', from: 3, to: 0 }, 'no such turn 4'],
    ['a move to nowhere', { type: 'move-turn', from: 0, to: 3 }, 'no such turn 4'],
    [
      'another question',
      { type: 'field', field: 'question', before: '?', after: '' },
      'The field question is not what it was',
    ],
  ])('is a conflict that is named: %s', (_, change, message) => {
    const apply = () => applyChanges(sampleTrace, [change]);
    expect(apply).toThrow(ChangeConflict);
    expect(apply).toThrow(message);
  });

  it.each([
    { type: 'text', turn: -1, start: 0, removed: '', inserted: '' },
    { type: 'insert-turn', at: 0, turn: { text: 'x' } },
    { type: 'field', field: 'images', before: [], after: [] },
    { type: 'field', field: 'id', before: 'a', after: 'b' },
    { type: 'forget' },
  ])('in its form is not read: %j', (change) => {
    expect(v.is(changeSchema, change)).toBe(false);
  });
});
