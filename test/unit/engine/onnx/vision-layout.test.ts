import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { VisionSpec } from '../../../../src/engine/onnx/model-spec';
import { visionLayout } from '../../../../src/engine/onnx/vision-layout';

const spec: VisionSpec = {
  depth: 2,
  hidden: 16,
  heads: 2,
  headDim: 8,
  intermediate: 16,
  patch: 14,
  temporalPatch: 2,
  merge: 2,
  window: 56,
  fullAttentionBlocks: [1],
  outHidden: 32,
  inChannels: 3,
  rmsEps: 1e-6,
  ropeTheta: 10000,
};
const numbers = (values: BigInt64Array) => [...values].map(Number);

test('windows of 2x2 tokens over 3x3: whole ones first in reading order, edges with what is left', () => {
  const layout = visionLayout({ rows: 6, columns: 6 }, spec);
  const tokens = numbers(layout.order)
    .filter((_, i) => i % 4 === 0)
    .map((patch) => patch / 4);
  expect(tokens).toEqual([0, 1, 3, 4, 2, 5, 6, 7, 8]);
  expect([layout.windows, layout.windowLength]).toEqual([4, 16]);
});

test('for any grid, every order has its reverse, and the mask shows a window its own patches and nothing else', () => {
  const side = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(side, side, (rows, columns) => {
      const layout = visionLayout({ rows: rows * 2, columns: columns * 2 }, spec);
      const patches = rows * columns * 4;
      expect([...numbers(layout.order)].sort((a, b) => a - b)).toEqual([...Array(patches).keys()]);
      const order = numbers(layout.order);
      for (const [token, place] of numbers(layout.restore).entries())
        expect(order[place * 4]).toBe(token * 4);
      const { windowLength, mask } = layout;
      const seen = new Set<number>();
      for (const [patch, place] of numbers(layout.unfill).entries()) {
        expect(Number(layout.fill[place])).toBe(patch);
        const start = place * windowLength;
        const visible = [...mask.subarray(start, start + windowLength)].filter((value) => value === 0).length;
        const first = place - (place % windowLength);
        for (let i = 0; i < visible; i++) seen.add(Number(layout.fill[first + i]));
        expect(place % windowLength).toBeLessThan(visible);
      }
      expect(seen.size).toBe(patches);
    }),
    { seed: 11, numRuns: 36 },
  );
});
