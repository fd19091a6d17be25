import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChanges, type Change, invertChanges } from '../../../../src/trace/edit/change';
import { addDrawings, changeDrawings, removeDrawings } from '../../../../src/trace/edit/drawing-changes';
import { EditRefused } from '../../../../src/trace/edit/edit-refused';
import { mergeTurns } from '../../../../src/trace/edit/merge-turns';
import { setAction, setAnswer, setThink } from '../../../../src/trace/edit/prose-changes';
import { reroot } from '../../../../src/trace/edit/reroot';
import { splitTurn } from '../../../../src/trace/edit/split-turn';
import type { Trace } from '../../../../src/trace/trace';
import { traceOf } from './traces';
import { anyTurnText, runs } from './turn-texts';

const PIECES = [
  '```json\n',
  '```',
  '\n',
  '<think>',
  '</think>',
  'Action: ',
  '<answer>',
  '</answer>',
  '[',
  ']',
  ',',
  '(',
  '#',
  "'",
  '\\',
];

/** A text with odd things put in, or pieces cut out, at any place. */
const brokenText = fc
  .tuple(
    anyTurnText,
    fc.array(fc.tuple(fc.nat(400), fc.nat(6), fc.constantFrom('', ...PIECES)), { maxLength: 5 }),
  )
  .map(([text, cuts]) => cuts.reduce((t, [at, cut, put]) => t.slice(0, at) + put + t.slice(at + cut), text));

const box = { index: 1, bbox_2d: [1, 2, 3, 4], label: 'new' } as const;

const BUILDERS: readonly [string, (trace: Trace, n: number) => Change[]][] = [
  [
    'values',
    (trace, n) => changeDrawings(trace, 0, new Map([[n % 3, { label: 'x', coordinates: [n, 1, 2, 3] }]])),
  ],
  ['adding', (trace) => addDrawings(trace, 0, [box])],
  ['removing', (trace, n) => removeDrawings(trace, 0, [n % 3])],
  ['think text', (trace) => setThink(trace, 0, 'so')],
  ['an action', (trace) => setAction(trace, 0, 'Path Tracer')],
  ['an answer', (trace, n) => setAnswer(trace, 0, n % 2 === 0 ? 'B' : null)],
  ['splitting', (trace, n) => splitTurn(trace, 0, n, [n % 3])],
  ['merging', (trace) => mergeTurns(trace, 0)],
  ['the clean image', (trace, n) => reroot(trace, 1, 1 + (n % 4))],
];

describe('of a text that is broken in any way, a change is exact or refused:', () => {
  it.each(BUILDERS)('%s', (_, build) => {
    fc.assert(
      fc.property(brokenText, brokenText, fc.nat(60), (one, two, n) => {
        const trace = traceOf([one, two, 'end']);
        try {
          const changes = build(trace, n);
          expect(applyChanges(applyChanges(trace, changes), invertChanges(changes))).toEqual(trace);
        } catch (error) {
          if (!(error instanceof EditRefused)) throw error;
        }
      }),
      { ...runs(150, 10_000), seed: 91 },
    );
  });
});

it('a change of a text of a million characters takes no longer than reading it some times', () => {
  const object = '{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "a"}';
  const text = `<think> a </think> Action: Object Mapper\n\`\`\`json\n[${`${object}, `.repeat(20_000)}]\n\`\`\``;
  const trace = traceOf([text, 'end']);
  const all = new Map(Array.from({ length: 20_000 }, (_, i) => [i, { coordinates: [5, 2, 3, 4] }] as const));
  expect(changeDrawings(trace, 0, new Map([[19_999, { label: 'b' }]]))).toHaveLength(1);
  expect(changeDrawings(trace, 0, all)).toHaveLength(20_000);
  expect(removeDrawings(trace, 0, [0, 2, 4])).toHaveLength(3);
});
