import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { VisionSpec } from '../../../../src/engine/onnx/model-spec';
import { towerPieces, visionLayout, type WindowLayout } from '../../../../src/engine/onnx/vision-layout';

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
const windowsOf = (rows: number, columns: number): WindowLayout => {
  const { windows } = visionLayout({ rows, columns }, spec);
  if (windows === null) throw new Error('the tower has windows');
  return windows;
};
const numbers = (values: Int32Array) => [...values];

test('windows of 2x2 tokens over 3x3: whole ones first in reading order, edges with what is left', () => {
  const layout = windowsOf(6, 6);
  const tokens = numbers(layout.order)
    .filter((_, i) => i % 4 === 0)
    .map((patch) => patch / 4);
  expect(tokens).toEqual([0, 1, 3, 4, 2, 5, 6, 7, 8]);
  expect([layout.count, layout.length]).toEqual([4, 16]);
});

test('for any grid, every order has its reverse, and the mask shows a window its own patches and nothing else', () => {
  const side = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(side, side, (rows, columns) => {
      const layout = windowsOf(rows * 2, columns * 2);
      const patches = rows * columns * 4;
      expect([...numbers(layout.order)].sort((a, b) => a - b)).toEqual([...Array(patches).keys()]);
      const order = numbers(layout.order);
      for (const [token, place] of numbers(layout.restore).entries())
        expect(order[place * 4]).toBe(token * 4);
      const { length, mask } = layout;
      const seen = new Set<number>();
      for (const [patch, place] of numbers(layout.unfill).entries()) {
        expect(Number(layout.fill[place])).toBe(patch);
        const start = place * length;
        const visible = [...mask.subarray(start, start + length)].filter((value) => value === 0).length;
        const first = place - (place % length);
        for (let i = 0; i < visible; i++) seen.add(Number(layout.fill[first + i]));
        expect(place % length).toBeLessThan(visible);
      }
      expect(seen.size).toBe(patches);
    }),
    { seed: 11, numRuns: 36 },
  );
});

test('where every block sees the whole image, patches keep their order and turn with their own row and column', () => {
  const whole = { ...spec, fullAttentionBlocks: [0, 1] };
  const { windows, cos, sin } = visionLayout({ rows: 6, columns: 6 }, whole);
  expect(windows).toBeNull();
  expect({ cos, sin }).toEqual({
    cos: visionLayout({ rows: 6, columns: 6 }, { ...whole, window: 6 * 14 }).cos,
    sin: visionLayout({ rows: 6, columns: 6 }, { ...spec, window: 6 * 14 }).sin,
  });
});

test('what is computed in pieces takes at most the bytes that it may, unless a piece is a single row or window', () => {
  const most = 2 ** 27;
  const seven = { ...spec, heads: 16, intermediate: 3420 };
  const count = fc.integer({ min: 1, max: 70_000 });
  fc.assert(
    fc.property(count, count, fc.integer({ min: 4, max: 64 }), (patches, windows, length) => {
      const pieces = towerPieces(seven, patches, { count: windows, length }, most);
      const rows = Math.ceil(patches / pieces.image);
      expect(rows === 1 || 4 * 16 * rows * patches <= most).toBe(true);
      const inPiece = Math.ceil(windows / pieces.windows);
      expect(inPiece === 1 || 4 * 16 * inPiece * length ** 2 <= most).toBe(true);
      expect(4 * 3420 * Math.ceil(patches / pieces.rows)).toBeLessThanOrEqual(most);
    }),
  );
  // The largest image of upstream is cut once, its windows are not.
  const windows = { count: 28, length: 64 };
  expect(towerPieces(seven, 1792, windows, most)).toEqual({ image: 2, windows: 1, rows: 1 });
  expect(towerPieces(seven, 1792, windows, Number.POSITIVE_INFINITY)).toEqual({
    image: 1,
    windows: 1,
    rows: 1,
  });
  // The MLP is cut from two megapixels on, in seven for the largest image of the processor of Qwen2.5-VL.
  const rows = (patches: number) => towerPieces(seven, patches, windows, most).rows;
  expect([9811, 9812, 65536].map(rows)).toEqual([1, 2, 7]);
});
