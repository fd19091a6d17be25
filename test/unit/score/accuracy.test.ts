import { describe, expect, it } from 'vitest';
import { accuracy, readNumber } from '../../../src/score/accuracy';

describe('the answer to a multiple-choice question', () => {
  it('is right if it is the letter', () => expect(accuracy('B', 'B', 'multiple-choice')).toBe(1));
  it('may have white space around it', () => expect(accuracy(' B\n', 'B', 'multiple-choice')).toBe(1));
  it.each(['b', 'B.', 'B. table', 'A', ''])('is wrong if it is %j where the letter is B', (answer) =>
    expect(accuracy(answer, 'B', 'multiple-choice')).toBe(0),
  );
  it('is wrong if there is none', () => expect(accuracy(null, 'B', 'multiple-choice')).toBe(0));
  it('is compared with what stands in the answer tags of the gold', () =>
    expect(accuracy('B', '<answer> B </answer>', 'multiple-choice')).toBe(1));
});

describe('the answer to a numerical question', () => {
  it.each([
    ['3', '3'],
    ['3.0', '3'],
    ['+3', '3'],
    ['1,200', '1200'],
    ['1e3', '1000'],
    ['.5', '0.50'],
    ['-0', '0'],
  ])('is right if it is %j where the gold is %j', (answer, gold) =>
    expect(accuracy(answer, gold, 'numerical')).toBe(1),
  );
  it.each([
    ['3.01', '3'],
    ['3 m', '3'],
    ['about 3', '3'],
    ['12,00', '1200'],
    ['', '0'],
    ['0x10', '16'],
    ['Infinity', 'Infinity'],
    ['NaN', 'NaN'],
  ])('is wrong if it is %j where the gold is %j', (answer, gold) =>
    expect(accuracy(answer, gold, 'numerical')).toBe(0),
  );
});

it('compares a free-form answer character by character', () => {
  expect(accuracy('a table ', 'a table', 'free-form')).toBe(1);
  expect(accuracy('A table', 'a table', 'free-form')).toBe(0);
});

it('reads no number into a long text of digits and commas that is none, at once', () => {
  expect(readNumber(`${'1'.repeat(50_000)}${',111'.repeat(50_000)}x`)).toBeNull();
});
