import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sampleFrames, sampleMoments } from '../../../../src/host/ask/sample-frames';

it.each([
  [100, 5, [0, 25, 50, 74, 99]],
  [3, 16, [0, 1, 2]],
  [16, 16, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]],
  [9, 1, [0]],
  [0, 4, []],
])('of %i frames, %i are those at %j', (total, wanted, places) => {
  expect(sampleFrames(total, wanted)).toEqual(places);
});

it('takes each frame once, in order, from the first to the last', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 5000 }), fc.integer({ min: 2, max: 300 }), (total, wanted) => {
      const places = sampleFrames(total, wanted);
      expect(places).toHaveLength(Math.min(total, wanted));
      expect(places[0]).toBe(0);
      expect(places.at(-1)).toBe(total - 1);
      expect(places.every((place, i) => i === 0 || place > (places[i - 1] ?? 0))).toBe(true);
    }),
    { seed: 1 },
  );
});

it('takes moments of a video from the middles of equal spans', () => {
  expect(sampleMoments(8, 4)).toEqual([1, 3, 5, 7]);
});
