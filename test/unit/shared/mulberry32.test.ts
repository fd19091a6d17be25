import { expect, it } from 'vitest';
import { mulberry32 } from '../../../src/shared/mulberry32';

const first = (seed: number) => Array.from({ length: 3 }, mulberry32(seed));

it('gives the numbers of the published generator', () => {
  // From the usual form in JavaScript: https://github.com/bryc/code/blob/master/jshash/PRNGs.md
  expect(first(0)).toEqual([0.26642920868471265, 0.0003297457005828619, 0.2232720274478197]);
  expect(first(1)).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
  expect(first(123_456_789)).toEqual([0.2577907438389957, 0.9707721115555614, 0.7853280142880976]);
});

it('takes the low 32 bits of a seed', () => {
  expect(first(-1)).toEqual(first(2 ** 32 - 1));
  expect(first(2 ** 32 + 1)).toEqual(first(1));
});
