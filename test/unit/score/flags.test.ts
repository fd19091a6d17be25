import { expect, it } from 'vitest';
import { flagsOf } from '../../../src/score/flags';
import { NearDuplicates } from '../../../src/score/near-duplicates';
import { deriveTurns } from '../../../src/trace/derive';
import { answers, box, draws } from './sentences';

const CUP = [10, 10, 50, 50] as const;
const flags = (
  turns: readonly { readonly text: string }[],
  type: 'multiple-choice' | 'numerical' = 'multiple-choice',
) => flagsOf(deriveTurns(1, turns), { type, options: ['A. the cup', 'B. the table'] });

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
  const trace = (x: number, word: string) =>
    deriveTurns(1, [draws([box('cup', [x, 8, 48, 48])], `At ${x} ${word}.`), answers('A')]);
  expect(known.add(0, trace(8, 'here'))).toBeNull();
  expect(known.add(1, trace(10, 'here'))).toBe(0);
  expect(known.add(2, trace(80, 'here'))).toBeNull();
  expect(known.add(3, trace(8, 'there'))).toBeNull();
});
