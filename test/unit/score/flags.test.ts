import { expect, it } from 'vitest';
import { flagsOf } from '../../../src/score/flags';
import { likenessOf, NearDuplicates } from '../../../src/score/near-duplicates';
import { readTurns } from '../../../src/trace/derive';
import { answers, box, draws } from './sentences';

const CUP = [10, 10, 50, 50] as const;
const flags = (
  turns: readonly { readonly text: string }[],
  type: 'multiple-choice' | 'numerical' = 'multiple-choice',
) => flagsOf(readTurns(1, turns), { type, options: ['A. the cup', 'B. the table'] });

it('says nothing of a trace that answers from what it drew', () => {
  expect(flags([draws([box('cup', CUP)]), answers('B', 'It is left of the cup.')])).toEqual([]);
  expect(flags([draws([box('cup', CUP)]), answers('A')])).toEqual([]);
  expect(flags([draws([box('cup', [10, 10, 54, 50])]), answers('B', 'At 32, so left.')])).toEqual([]);
});

it('names an answer without a drawing, and one that no drawing supports', () => {
  expect(flags([answers('A')])).toEqual(['answered-without-drawing']);
  expect(flags([draws([box('cup', CUP)]), answers('B', 'I guess.')])).toEqual(['unsupported-answer']);
});

it('names a drawing that is there twice, and an answer before the end', () => {
  const first = draws([box('cup', CUP)]);
  expect(flags([first, draws([box('cup', CUP)], 'Again.'), answers('A')])).toEqual(['duplicate-drawing']);
  expect(flags([first, answers('A'), answers('A', 'As I said.')])).toEqual(['answer-in-wrong-turn']);
});

it('names what goes round in a circle, within a turn and over turns', () => {
  const round = 'the cup is here '.repeat(5);
  expect(flags([draws([box('cup', CUP)], round), answers('A')])).toEqual(['degenerate-loop']);
  const same = draws([box('cup', CUP)]);
  expect(flags([same, same, answers('A')])).toEqual(['duplicate-drawing', 'degenerate-loop']);
  const many = Array.from({ length: 12 }, (_, i) => box('cup', [i, 10, 50, 50]));
  expect(flags([draws(many), answers('A')])).toEqual([]);
});

it('names a number that is taken from the list of drawings', () => {
  const untagged = { text: `${draws([box('cup', CUP)]).text}` };
  expect(flags([untagged], 'numerical')).toEqual(['number-from-index']);
  expect(flags([draws([box('cup', CUP)], 'There are 3.')], 'numerical')).toEqual([]);
});

it('finds traces that say the same but for numbers and some pixels', () => {
  const known = new NearDuplicates();
  const isKnown = (x: number, word: string) => {
    const turns = [draws([box('cup', [x, 8, 48, 48])], `At ${x} ${word}.`), answers('A')];
    return known.add(likenessOf(readTurns(1, turns)));
  };
  expect(isKnown(8, 'here')).toBe(false);
  expect(isKnown(10, 'here')).toBe(true);
  expect(isKnown(80, 'here')).toBe(false);
  expect(isKnown(8, 'there')).toBe(false);
});
