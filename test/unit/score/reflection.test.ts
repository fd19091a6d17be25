import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { iouOf, type ReflectionOptions, reflectionOf as reflectionIn } from '../../../src/score/reflection';
import { deriveTurns } from '../../../src/trace/derive';
import { answers, box, draws, line } from './sentences';

const reflectionOf = (
  inputs: number,
  turns: readonly { readonly text: string }[],
  options?: ReflectionOptions,
) => reflectionIn(deriveTurns(inputs, turns), options);
const CUP = [10, 10, 50, 50] as const;
const OTHER = [30, 10, 70, 50] as const;
const kinds = (turns: readonly { readonly text: string }[], inputs = 1) =>
  reflectionOf(inputs, turns).revisions.map(({ fake }) => fake ?? 'real');

describe('a revision', () => {
  it('is the same label on the same lineage with other coordinates', () => {
    const turns = [draws([box('cup', CUP)]), draws([box('cup', OTHER, 2)]), answers('A')];
    expect(reflectionOf(1, turns).revisions).toEqual([
      { turn: 1, before: 0, label: 'cup', from: CUP, to: OTHER, iou: 1 / 3, shift: 20, fake: null },
    ]);
  });

  it('may be of a line', () => {
    const turns = [draws([line('way', CUP)]), draws([line('way', OTHER)]), answers('A')];
    expect(reflectionOf(1, turns).revisions).toMatchObject([{ iou: null, shift: 20, fake: null }]);
  });

  it('is none between a box and a line, within one turn, or where the coordinates are the same', () => {
    expect(kinds([draws([box('cup', CUP), line('cup', OTHER)]), answers('A')])).toEqual([]);
    expect(kinds([draws([box('cup', CUP), box('cup', OTHER)]), answers('A')])).toEqual([]);
    expect(kinds([draws([box('cup', CUP)]), draws([box('cup', CUP, 2)]), answers('A')])).toEqual([]);
  });

  it('is tracking on another input image, which is counted apart', () => {
    const turns = [draws([box('cup', CUP, 1)]), draws([box('cup', OTHER, 2)]), answers('A')];
    expect(reflectionOf(2, turns)).toMatchObject({ revisions: [], tracking: 1, paper: true });
  });

  it('is tiny if no point moves far', () => {
    const moved = [12, 10, 52, 51] as const;
    const turns = [draws([box('cup', CUP)]), draws([box('cup', moved, 2)]), answers('A')];
    expect(kinds(turns)).toEqual(['tiny']);
    expect(reflectionOf(1, turns, { minShift: 1 }).revisions).toMatchObject([{ fake: null }]);
  });

  it('is undone if a later one takes it back, and so is that', () => {
    const there = [draws([box('cup', CUP)]), draws([box('cup', OTHER, 2)]), draws([box('cup', CUP, 3)])];
    expect(kinds([...there, answers('A')])).toEqual(['undone', 'undone']);
  });

  it('is late once the answer is fixed, in tags or in words', () => {
    const [first, again] = [draws([box('cup', CUP)]), draws([box('cup', OTHER, 2)])];
    expect(kinds([first, draws([box('cup', OTHER, 2)], 'The answer is A.'), answers('A')])).toEqual(['late']);
    expect(kinds([first, draws([box('cup', OTHER, 2)], 'The answer is B.'), answers('A')])).toEqual(['real']);
    expect(kinds([first, answers('A'), again, answers('A')])).toEqual(['late']);
  });
});

describe("the paper's Eq. 5", () => {
  const paper = (...turns: { text: string }[]) => reflectionOf(2, [...turns, answers('A')]).paper;
  it('is a label in two turns with another image or other coordinates', () => {
    expect(paper(draws([box('cup', CUP)]), draws([box('cup', CUP)]))).toBe(false);
    expect(paper(draws([box('cup', CUP)]), draws([box('cup', CUP, 2)]))).toBe(true);
    expect(paper(draws([line('cup', CUP)]), draws([line('cup', OTHER)]))).toBe(true);
    expect(paper(draws([box('cup', CUP), box('cup', OTHER)]))).toBe(false);
  });
});

it('intersection over union is symmetric, within 0..1, and 1 of a box with itself', () => {
  const corner = fc.integer({ min: -100, max: 100 });
  const boxes = fc.tuple(corner, corner, corner, corner);
  fc.assert(
    fc.property(boxes, boxes, (a, b) => {
      const iou = iouOf(a, b);
      expect(iou).toBe(iouOf(b, a));
      if (iou !== null) expect(iou >= 0 && iou <= 1).toBe(true);
      if (a[0] !== a[2] && a[1] !== a[3]) expect(iouOf(a, a)).toBe(1);
    }),
  );
});
