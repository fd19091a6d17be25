import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK, blocksIn, quantiseRows, ZERO_POINT } from '../../../../../src/engine/onnx/import/quantise';

function quantise(weights: Float32Array, rows: number, width: number) {
  const codes = new Uint8Array(rows * blocksIn(width) * BLOCK).fill(7);
  const scales = new Float32Array(rows * blocksIn(width)).fill(7);
  quantiseRows(weights, rows, width, codes, scales);
  return { codes, scales };
}

const matrix = fc
  .record({ rows: fc.integer({ min: 1, max: 4 }), width: fc.integer({ min: 1, max: 100 }) })
  .chain(({ rows, width }) =>
    fc.record({
      rows: fc.constant(rows),
      width: fc.constant(width),
      weights: fc.float32Array({
        minLength: rows * width,
        maxLength: rows * width,
        noNaN: true,
        max: Math.fround(1e30),
        min: Math.fround(-1e30),
      }),
    }),
  );

describe('quantiseRows', () => {
  it('comes back within half a step of every weight, whatever the weights', () => {
    fc.assert(
      fc.property(matrix, ({ rows, width, weights }) => {
        const { codes, scales } = quantise(weights, rows, width);
        for (let row = 0; row < rows; row++) {
          for (let i = 0; i < width; i++) {
            const block = row * blocksIn(width) + Math.floor(i / BLOCK);
            const scale = scales[block] ?? 0;
            const back = ((codes[block * BLOCK + (i % BLOCK)] ?? 0) - ZERO_POINT) * scale;
            const error = Math.abs(back - (weights[row * width + i] ?? 0));
            expect(error).toBeLessThanOrEqual(scale === 0 ? 127 * 2 ** -126 : scale * 0.500_01);
          }
        }
      }),
      { seed: 22, numRuns: 500 },
    );
  });

  it('uses the codes 1 to 255, the largest weight of a block at an end', () => {
    const { codes, scales } = quantise(new Float32Array([0.5, -1, 0.25, 1]), 1, 4);
    expect(scales[0]).toBe(Math.fround(1 / 127));
    // 0.5 is 63.5 steps: ties go to even.
    expect([...codes.slice(0, 4)]).toEqual([ZERO_POINT + 64, 1, ZERO_POINT + 32, 255]);
  });

  it('fills the last block of a row with zeros and starts the next row in a new one', () => {
    const { codes, scales } = quantise(new Float32Array(33 * 2).fill(1), 2, 33);
    expect([...codes.slice(32, 64)]).toEqual([255, ...Array(31).fill(ZERO_POINT)]);
    expect([...codes.slice(64, 96)]).toEqual(Array(32).fill(255));
    expect(scales).toHaveLength(4);
  });

  it('gives a block of zeros the scale zero', () => {
    const { codes, scales } = quantise(new Float32Array([0, -0, 1e-44]), 1, 3);
    expect([...codes]).toEqual(Array(32).fill(ZERO_POINT));
    expect([...scales]).toEqual([0]);
  });
});
