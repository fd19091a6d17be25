import { expect, it } from 'vitest';
import { didYouMean, suggest } from '../../../src/cli/suggest';

const KNOWN = ['question', 'option', 'model', 'max-turns', 'max-images', 'json'];

it.each([
  ['modle', 'model'],
  ['questoin', 'question'],
  ['options', 'option'],
  ['max-turn', 'max-turns'],
  ['maxturns', 'max-turns'],
  ['quest', 'question'],
])('takes %s for %s', (typed, meant) => expect(suggest(typed, KNOWN)).toBe(meant));

it.each(['out', 'weights', 'x'])('does not guess at %s', (typed) => expect(suggest(typed, KNOWN)).toBeNull());

it('asks, or says nothing', () => {
  expect(didYouMean('modle', KNOWN, '--')).toBe(' Did you mean --model?');
  expect(didYouMean('weights', KNOWN, '--')).toBe('');
});
