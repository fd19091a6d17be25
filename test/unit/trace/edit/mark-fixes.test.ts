import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { traceCascade } from '../../../../src/trace/edit/cascade';
import { applyChanges, type Change, invertChanges } from '../../../../src/trace/edit/change';
import { addDrawings, changeDrawings, removeDrawings } from '../../../../src/trace/edit/drawing-changes';
import type { DrawingValues } from '../../../../src/trace/edit/drawing-values';
import { removeImage } from '../../../../src/trace/edit/input-images';
import { fixChanges } from '../../../../src/trace/edit/mark-fixes';
import { insertTurn } from '../../../../src/trace/edit/turn-changes';
import { formatAnswerTurn, formatDrawingTurn } from '../../../../src/trace/format-turn';
import type { Trace } from '../../../../src/trace/trace';
import { anySteps, changesOf, smallTrace } from './random-traces';
import { textsAfter, traceOf } from './traces';
import { runs } from './turn-texts';

type Corners = readonly [number, number, number, number];
const box = (index: number, label: string, bbox_2d: Corners = [1, 2, 30, 40]) =>
  ({ index, bbox_2d, label }) as const;
const line = (index: number, from: readonly [number, number], to: readonly [number, number], label: string) =>
  ({ index, start_point_2d: from, end_point_2d: to, label }) as const;
const first = (trace: Trace, values: DrawingValues) => changeDrawings(trace, 0, new Map([[0, values]]));

/** All that can be fixed, and the texts once it is. */
function fixed(trace: Trace, changes: readonly Change[]) {
  const after = applyChanges(trace, changes);
  const marks = traceCascade(trace, changes, after).marks.filter(({ fix }) => fix !== null);
  const fixes = fixChanges(after, marks);
  return { marks, fixes, all: [...changes, ...fixes], texts: textsAfter(after, fixes) };
}

describe('numbers that words repeat', () => {
  const trace = traceOf([
    formatDrawingTurn('The cup.', [box(1, 'cup')]),
    formatDrawingTurn('It is at (1, 2), (30.0, 40).', [box(1, 'lamp', [3, 3, 9, 9])]),
    formatAnswerTurn('I said [1, 2, 30, 40].', '[1, 2, 30, 40]'),
  ]);

  it('become those that the shape has now, each number in its place; an answer is left alone', () => {
    const { texts, all } = fixed(trace, first(trace, { coordinates: [5, 2, 30, 41] }));
    expect(texts[1]).toContain('It is at (5, 2), (30.0, 41).');
    expect(texts[2]).toBe(formatAnswerTurn('I said [5, 2, 30, 41].', '[1, 2, 30, 40]'));
    expect(traceCascade(trace, all).marks.filter(({ code }) => code === 'old-numbers')).toMatchObject([
      { turn: 2, fix: null },
    ]);
  });

  it('are for a person to say where another shape has the same, or the shape is gone', () => {
    const moved = first(trace, { coordinates: [5, 2, 30, 40] });
    const both = [...moved, ...addDrawings(applyChanges(trace, moved), 1, [box(1, 'plate')])];
    expect(fixed(trace, both).marks).toEqual([]);
    expect(fixed(trace, removeDrawings(trace, 0, [0])).marks).toEqual([]);
  });

  it('may be a point where one line ends and the next one begins', () => {
    const path = traceOf([
      formatDrawingTurn('I go to (9, 9).', [line(1, [1, 1], [9, 9], 'step 1')]),
      formatDrawingTurn('On from (9, 9).', [line(2, [9, 9], [20, 9], 'step 2')]),
      'end',
    ]);
    const { texts } = fixed(path, first(path, { coordinates: [1, 1, 10, 9] }));
    expect(texts[0]).toContain('I go to (10, 9).');
    // There step 2 begins too, which has not moved.
    expect(texts[1]).toContain('On from (9, 9).');
  });
});

describe('a label that words repeat', () => {
  const trace = traceOf([
    formatDrawingTurn('The cup (red) stands. Cup (red)? a cup red.', [box(1, 'cup (red)')]),
    formatAnswerTurn('A cup (red).', 'cup (red)'),
  ]);

  it('becomes the one that the shape has now', () => {
    const { texts } = fixed(trace, first(trace, { label: 'mug [blue]' }));
    expect(texts[0]).toContain('The mug [blue] stands. Mug [blue]? a cup red.');
    expect(texts[1]).toBe(formatAnswerTurn('A mug [blue].', 'cup (red)'));
  });

  it('is for a person to say where another shape has it, or it could be more than words', () => {
    const again = traceOf([
      formatDrawingTurn('x', [box(1, 'cup')]),
      formatDrawingTurn('The cup.', [box(1, 'cup', [2, 2, 9, 9])]),
      'end',
    ]);
    expect(fixed(again, first(again, { label: 'mug' })).marks).toEqual([]);
    expect(fixed(trace, first(trace, { label: '</think>' })).marks).toEqual([]);
  });
});

describe('the number of an image', () => {
  const trace = traceOf([
    formatDrawingTurn('a', [box(1, 'a')]),
    formatDrawingTurn('On image 2 and frame #2.', [box(2, 'b')]),
    'Image 3 is it.',
  ]);
  const inserted = insertTurn(trace, 0, formatDrawingTurn('x', [box(1, 'x')]));

  it('becomes the one that it has now, in words and in shapes; then nothing is marked', () => {
    const { all, texts } = fixed(trace, inserted);
    expect(texts[2]).toContain('On image 3 and frame #3.');
    expect(applyChanges(trace, all).turns[2]?.drawings).toEqual([box(3, 'b')]);
    expect(traceCascade(trace, all).marks).toEqual([]);
  });

  it('is fixed once, though the new number is a part of the old one, and was that of another', () => {
    const frames = traceOf([formatAnswerTurn('Image 13 is it.', 'A')], 16);
    let changes: Change[] = [];
    for (const number of [12, 11, 10, 9, 8, 7, 6, 5, 4, 1]) {
      changes = [...changes, ...removeImage(applyChanges(frames, changes), number)];
    }
    const { all, texts } = fixed(frames, changes);
    expect(texts[0]).toBe(formatAnswerTurn('Image 3 is it.', 'A'));
    expect(traceCascade(frames, all).marks).toEqual([]);
  });

  it('is marked again where the fix is taken back', () => {
    const { all, fixes } = fixed(trace, inserted);
    const back = [...all, ...invertChanges(fixes)];
    expect(traceCascade(trace, back).marks).toEqual(traceCascade(trace, inserted).marks);
  });
});

describe('a shape on an image that has changed', () => {
  const trace = traceOf([
    formatDrawingTurn('a', [box(1, 'cup'), line(1, [5, 5], [9, 9], 'cup')]),
    formatDrawingTurn('b', [box(2, 'lamp')]),
    formatDrawingTurn('c', [box(3, 'cup', [2, 2, 31, 41]), box(3, 'plate')]),
    formatDrawingTurn('d', [box(4, 'cup', [3, 3, 32, 42.5])]),
    'end',
  ]);

  it('goes along with the nearest one of its label below, by the same change', () => {
    const moved = first(trace, { coordinates: [11, 2, 40, 39] });
    const { all, marks } = fixed(trace, moved);
    expect(marks.map(({ code, turn }) => [code, turn])).toEqual([['drawn-on-changed', 2]]);
    const after = applyChanges(trace, all);
    expect(after.turns[2]?.drawings).toEqual([box(3, 'cup', [12, 2, 41, 40]), box(3, 'plate')]);
    expect(after.turns[3]).toEqual(trace.turns[3]);
    const then = fixed(trace, all);
    expect(applyChanges(trace, then.all).turns[3]?.drawings).toEqual([box(4, 'cup', [13, 3, 42, 41.5])]);
  });

  it('gets the other label too', () => {
    const { all } = fixed(trace, first(trace, { label: 'mug' }));
    expect(applyChanges(trace, all).turns[2]?.drawings[0]).toEqual(box(3, 'mug', [2, 2, 31, 41]));
  });

  it('is for a person to look at where none of its label moved', () => {
    const lamp = changeDrawings(trace, 1, new Map([[0, { coordinates: [7, 7, 9, 9] }]]));
    expect(fixed(trace, lamp).marks).toEqual([]);
  });
});

it('whatever is fixed is undone exactly, and is not marked as before', () => {
  fc.assert(
    fc.property(smallTrace, anySteps, (before, steps) => {
      const changes = changesOf(before, steps);
      const after = applyChanges(before, changes);
      const { marks, fixes, all } = fixed(before, changes);
      expect(applyChanges(applyChanges(after, fixes), invertChanges(fixes))).toEqual(after);
      const places = marks.flatMap(
        ({ turn, fix }) => fix?.edits.map(({ start }) => `${turn} ${start}`) ?? [],
      );
      // Each place is mended once, and something comes of every fix.
      expect(new Set(places).size).toBe(places.length);
      if (marks.length > 0) expect(fixes).not.toEqual([]);
      const same = traceCascade(before, all).marks.map(({ key }) => key);
      for (const { key, code } of marks) if (code !== 'drawn-on-other') expect(same).not.toContain(key);
    }),
    { ...runs(300), seed: 71 },
  );
});
