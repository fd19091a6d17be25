import { expect, it } from 'vitest';
import { guessType } from '../../../../src/host/ask/guess-type';
import { readOptions } from '../../../../src/host/ask/read-options';

it.each([
  ['Which is larger? A. the left B. the right', 'multiple-choice'],
  ['Determine the final destination (A, B, C or D) from the green point.', 'multiple-choice'],
  ['How many chairs are there?', 'numerical'],
  ['What is the distance between the table and the door in meters?', 'numerical'],
  ['How far is it?', 'numerical'],
  ['What colour is the door?', 'free-form'],
  ['How does one get from the door to the window?', 'free-form'],
] as const)('%s asks for an answer of type %s', (typed, type) => {
  expect(guessType(readOptions(typed))).toBe(type);
});
