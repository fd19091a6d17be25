import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withDerived } from '../../../../src/trace/derive';
import { isLine } from '../../../../src/trace/drawing';
import { applyChanges, type Change } from '../../../../src/trace/edit/change';
import {
  addDrawings,
  changeDrawings,
  copyDrawings,
  removeDrawings,
  withValues,
} from '../../../../src/trace/edit/drawing-changes';
import { EditRefused } from '../../../../src/trace/edit/edit-refused';
import { parseTurn } from '../../../../src/trace/parse-turn';
import type { Trace } from '../../../../src/trace/trace';
import { sampleTrace } from '../sample-trace';
import { anyDrawing, anyIndex, anyLabel, anyQuad, anyTurnText, runs } from './turn-texts';

const traceOf = (...texts: string[]): Trace =>
  withDerived({
    ...sampleTrace,
    turns: texts.map((text) => ({ text, finish: 'stop', tokens: null, seconds: null })),
  });
const block = (list: string) => `<think> a </think> Action: Object Mapper\n\`\`\`json\n${list}\n\`\`\``;
/** What is between the fences after a change of the first turn. */
const listAfter = (list: string, change: (trace: Trace) => Change[]) => {
  const trace = traceOf(block(list));
  const text = applyChanges(trace, change(trace)).turns[0]?.text ?? '';
  return /```json\n([\s\S]*?)\n```/.exec(text)?.[1] ?? text;
};
const box = { index: 1, bbox_2d: [1, 2, 3, 4], label: 'new' } as const;

describe('a drawing that gets other values', () => {
  it('keeps the form in which its author wrote it', () => {
    expect(
      listAfter("[{'index':1, 'bbox_2d' : (10, 2.50, 3e1, 4), 'label': 'cup', 'score': None},]", (trace) =>
        changeDrawings(
          trace,
          0,
          new Map([[0, { coordinates: [10, 2.5, 31, 7.25], label: "it's", index: 2 }]]),
        ),
      ),
    ).toBe("[{'index':2, 'bbox_2d' : (10, 2.50, 31, 7.25), 'label': 'it\\'s', 'score': None},]");
  });

  it('changes no more of the text than differs', () => {
    const trace = traceOf(block('[{"index": 1, "bbox_2d": [10, 20, 30, 40], "label": "red cup"}]'));
    const changes = changeDrawings(
      trace,
      0,
      new Map([[0, { coordinates: [10, 20, 35, 40], label: 'red cap' }]]),
    );
    expect(changes.map((change) => change.type === 'text' && [change.removed, change.inserted])).toEqual([
      ['u', 'a'],
      ['0', '5'],
    ]);
  });

  it('may be a box that was not painted', () => {
    expect(
      listAfter('[{"index": 1, "bbox_2d": [ 5 ], "label": "a"}]', (trace) =>
        changeDrawings(trace, 0, new Map([[0, { coordinates: [1, 2, 3, 4] }]])),
      ),
    ).toBe('[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "a"}]');
  });

  it.each([
    [{ coordinates: [Number.NaN, 1, 2, 3] }, 'A coordinate is a finite number, not NaN.'],
    [{ index: 1.5 }, 'The number of an image is a whole number, not 1.5.'],
  ] as const)('cannot be given %j', (values, message) => {
    const trace = traceOf(block('[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "a"}]'));
    expect(() => changeDrawings(trace, 0, new Map([[0, values]]))).toThrow(new EditRefused(message));
  });

  it('must be there', () => {
    expect(() => changeDrawings(sampleTrace, 0, new Map([[3, {}]]))).toThrow('Turn 1 has no drawing 4.');
    expect(() => changeDrawings(sampleTrace, 9, new Map())).toThrow('There is no turn 10 in this trace.');
  });
});

describe('a drawing that is added', () => {
  it.each([
    ['[]', '[NEW]'],
    ['[{"label": 1}]', '[{"label": 1}, NEW]'],
    ['()', '(NEW,)'],
    ['[\n  {"a": 1},\n  {"b": 2},\n]', '[\n  {"a": 1},\n  {"b": 2},\n  NEW,\n]'],
    ['[\n  {"a": 1}\n]', '[\n  {"a": 1},\n  NEW\n]'],
    ['[({"a": 1}) # first\n]', '[({"a": 1}), NEW # first\n]'],
    ['{"a": 1},', '{"a": 1}, NEW,'],
  ])('goes to the end of a block that holds %s', (list, wanted) => {
    const text = '{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "new"}';
    expect(listAfter(list, (trace) => addDrawings(trace, 0, [box]))).toBe(wanted.replace('NEW', text));
  });

  it('is in the quotes of its block', () => {
    expect(listAfter("[{'a': 1}]", (trace) => addDrawings(trace, 0, [box]))).toBe(
      "[{'a': 1}, {'index': 1, 'bbox_2d': [1, 2, 3, 4], 'label': 'new'}]",
    );
  });

  const NEW = '```json\n[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "new"}]\n```';
  it.each([
    ['<think> a </think> Action: Path Tracer', `<think> a </think> Action: Path Tracer\n${NEW}`],
    ['<think> a </think>\nso', `<think> a </think> Action: Object Mapper\n${NEW}\nso`],
    ['<think> a </think> Action:\n', `<think> a </think> Action:\nObject Mapper\n${NEW}`],
    ['<think> a </think> Action: Answer <answer>', `<think> a </think> Action: Answer \n${NEW}\n<answer>`],
    ['<think> a', `<think> a\n</think> Action: Object Mapper\n${NEW}`],
    ['a', `a\n${NEW}`],
    ['', NEW],
  ])('has a block of its own in %j', (text, wanted) => {
    const trace = traceOf(text);
    expect(applyChanges(trace, addDrawings(trace, 0, [box])).turns[0]?.text).toBe(wanted);
  });

  it('can be one of another turn, as it was written there', () => {
    const trace = traceOf(
      block("[{'index': 1, 'bbox_2d': (1,2,3,4), 'label': 'a', 'score': 0.5}]"),
      block('[{"index": 2, "bbox_2d": [5, 6, 7, 8], "label": "b"}]'),
    );
    const after = applyChanges(trace, copyDrawings(trace, 0, [0], 1, 2));
    expect(after.turns[1]?.text).toContain(
      `"label": "b"}, {'index': 2, 'bbox_2d': (1,2,3,4), 'label': 'a', 'score': 0.5}]`,
    );
  });
});

describe('a drawing that is removed', () => {
  const a = '{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "a"}';
  const b = a.replace('"a"', '"b"');
  const c = a.replace('"a"', '"c"');
  it.each([
    [`[${a}, ${b}, ${c}]`, [0], `[${b}, ${c}]`],
    [`[${a}, ${b}, ${c}]`, [1], `[${a}, ${c}]`],
    [`[${a}, ${b}, ${c}]`, [1, 2], `[${a}]`],
    [`[${a}, ${b}, ${c},]`, [0, 2], `[${b},]`],
    [`(${a}, ${b})`, [0], `(${b},)`],
    [`(${a}, ${b})`, [1], `(${a},)`],
    [`(${a}, ${b},)`, [1], `(${a},)`],
    [`${a}, ${b}`, [0], `${b},`],
    [`[({"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "a"}), (${b})]`, [0], `[(${b})]`],
    [`[\n  ${a}, # one, two\n  ${b}\n]`, [0], `[\n  ${b}\n]`],
  ])('leaves commas and brackets right: %s without %j', (list, places, wanted) => {
    expect(listAfter(list, (trace) => removeDrawings(trace, 0, places))).toBe(wanted);
  });

  it.each([
    [block(`[${a}]`), '<think> a </think> Action: Object Mapper'],
    [`${block(`[${a}]`)}\nso`, '<think> a </think> Action: Object Mapper\nso'],
    [`<think> a\n\`\`\`json\n[${a}]</think> b`, '<think> a\n</think> b'],
    [`x\n\`\`\`json\n[${a}]\n\`\`\`json\n[None]\n\`\`\``, 'x\n```json\n[None]\n```'],
    [`x\n\`\`\`json\n[None]\n\`\`\`json\n[${a}]\n\`\`\``, 'x\n```json\n[None]\n```'],
  ])('takes the block that it leaves empty along: %j', (text, wanted) => {
    const trace = traceOf(text);
    expect(applyChanges(trace, removeDrawings(trace, 0, [0])).turns[0]?.text).toBe(wanted);
  });
});

describe('whatever the form of a turn, the text says after a change what was wanted, and nothing else is wrong', () => {
  const errors = (text: string) =>
    parseTurn(text)
      .findings.filter(({ severity }) => severity === 'error')
      .map(({ code }) => code);
  const expectNoNewErrors = (before: string, after: string) => {
    const known = errors(before);
    for (const code of errors(after)) expect(known).toContain(code);
  };
  const outcome = (text: string, changes: readonly Change[]) =>
    applyChanges(traceOf(text), changes).turns[0]?.text ?? '';

  it('when drawings get other values', () => {
    const values = fc.record(
      { coordinates: anyQuad, label: anyLabel, index: anyIndex },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyTurnText, fc.array(values, { maxLength: 6 }), (text, all) => {
        const { drawings } = parseTurn(text);
        const wanted = new Map(all.slice(0, drawings.length).map((one, i) => [i, one] as const));
        const changed = outcome(text, changeDrawings(traceOf(text), 0, wanted));
        const expected = drawings.map((one, i) => withValues(one, wanted.get(i) ?? {}));
        expect(parseTurn(changed).drawings).toEqual(JSON.parse(JSON.stringify(expected)));
        expectNoNewErrors(text, changed);
      }),
      { ...runs(1_000), seed: 11 },
    );
  });

  it('when drawings are added', () => {
    fc.assert(
      fc.property(anyTurnText, fc.array(anyDrawing, { minLength: 1, maxLength: 3 }), (text, added) => {
        const before = parseTurn(text);
        const changed = outcome(text, addDrawings(traceOf(text), 0, added));
        const parsed = parseTurn(changed);
        expect(parsed.drawings).toEqual([...before.drawings, ...added]);
        expectNoNewErrors(text, changed);
        if (before.drawings.length === 0 && before.think !== null && !/Action:|```json/.test(text)) {
          expect(parsed.action).toBe(added[0] && isLine(added[0]) ? 'Path Tracer' : 'Object Mapper');
        }
      }),
      { ...runs(1_000), seed: 12 },
    );
  });

  it('when drawings are removed', () => {
    fc.assert(
      fc.property(anyTurnText, fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }), (text, goes) => {
        const { drawings } = parseTurn(text);
        const places = [...drawings.keys()].filter((i) => goes[i]);
        const changed = outcome(text, removeDrawings(traceOf(text), 0, places));
        const left = drawings.filter((_, i) => !places.includes(i));
        expect(parseTurn(changed).drawings).toEqual(left);
        if (left.length > 0) expectNoNewErrors(text, changed);
      }),
      { ...runs(1_000), seed: 13 },
    );
  });

  it('when they are copied to another turn', () => {
    fc.assert(
      fc.property(anyTurnText, anyTurnText, fc.option(anyIndex, { nil: undefined }), (from, to, index) => {
        const copied = parseTurn(from).drawings;
        const trace = traceOf(from, to);
        const turns = applyChanges(trace, copyDrawings(trace, 0, [...copied.keys()], 1, index)).turns;
        expect(turns[0]?.text).toBe(from);
        expect(parseTurn(turns[1]?.text ?? '').drawings).toEqual([
          ...parseTurn(to).drawings,
          ...copied.map((one) => withValues(one, index === undefined ? {} : { index })),
        ]);
      }),
      { ...runs(1_000), seed: 14 },
    );
  });
});
