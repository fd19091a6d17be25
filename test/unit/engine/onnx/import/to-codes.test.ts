import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK, blocksIn, type CodeBits } from '../../../../../src/engine/onnx/import/codes';
import { bytesOf, convert } from '../../../../helpers/convert';

/** The code of zero. */
const ZERO_POINT: Readonly<Record<CodeBits, number>> = { 8: 128, 4: 8 };

function quantise(weights: Float32Array, rows: number, width: number, bits: CodeBits) {
  const made = convert(bytesOf(weights), { rows, width, format: 'float32' }, { kind: 'codes', bits });
  if (typeof made === 'string') return { codes: new Uint8Array(), scales: new Float32Array(), refused: made };
  const [codes = new Uint8Array(), scales = new Uint8Array()] = made;
  return { codes, scales: new Float32Array(scales.buffer), refused: null };
}

/** The codes one by one, whatever their bits. */
function unpack(codes: Uint8Array, bits: CodeBits): number[] {
  return bits === 8 ? [...codes] : [...codes].flatMap((byte) => [byte & 15, byte >> 4]);
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

describe('Slot.convert to codes', () => {
  it.each([8, 4] as const)(
    'comes back within half a step of every weight, whatever the weights, in %i bits',
    (bits) => {
      fc.assert(
        fc.property(matrix, ({ rows, width, weights }) => {
          const { codes, scales, refused } = quantise(weights, rows, width, bits);
          expect(refused).toBeNull();
          const all = unpack(codes, bits);
          for (let row = 0; row < rows; row++) {
            for (let i = 0; i < width; i++) {
              const block = row * blocksIn(width) + Math.floor(i / BLOCK);
              const scale = scales[block] ?? 0;
              const code = all[block * BLOCK + (i % BLOCK)] ?? 0;
              const error = Math.abs((code - ZERO_POINT[bits]) * scale - (weights[row * width + i] ?? 0));
              // The last code of four stands for what lies up to a step beyond it.
              const step = Math.abs(scale) * (bits === 4 && code === 15 ? 1.000_01 : 0.500_01);
              expect(error).toBeLessThanOrEqual(scale === 0 ? 127 * 2 ** -126 : step);
            }
          }
        }),
        { seed: 22, numRuns: 300 },
      );
    },
  );

  it('uses the codes 1 to 255 of 8 bits, the largest weight of a block at an end', () => {
    const { codes, scales } = quantise(new Float32Array([0.5, -1, 0.25, 1]), 1, 4, 8);
    expect(scales[0]).toBe(Math.fround(1 / 127));
    // 0.5 is 63.5 steps: ties go to even.
    expect([...codes.slice(0, 4)]).toEqual([128 + 64, 1, 128 + 32, 255]);
  });

  it('uses all codes of 4 bits, the largest weight of a block at zero, the first of two in the low half', () => {
    const { codes, scales } = quantise(new Float32Array([2, -1, 0.25, -8, 7, 8, 0.5]), 1, 7, 4);
    expect(scales[0]).toBe(1);
    // 8 has no code of its own; 0.25 and 0.5 are nearest to 0, the latter as the even one.
    expect(unpack(codes, 4).slice(0, 8)).toEqual([10, 7, 8, 0, 15, 15, 8, 8]);
    expect(codes[0]).toBe(10 | (7 << 4));
    const positive = quantise(new Float32Array([8, -7.9, -2]), 1, 3, 4);
    expect(positive.scales[0]).toBe(-1);
    expect(unpack(positive.codes, 4).slice(0, 3)).toEqual([0, 15, 10]);
  });

  it.each([8, 4] as const)(
    'fills the last block of a row with zeros and starts the next row in a new one, in %i bits',
    (bits) => {
      const { codes, scales } = quantise(new Float32Array(33 * 2).fill(1), 2, 33, bits);
      const all = unpack(codes, bits);
      const one = bits === 8 ? 255 : 0;
      expect(all.slice(32, 64)).toEqual([one, ...Array(31).fill(ZERO_POINT[bits])]);
      expect(all.slice(64, 96)).toEqual(Array(32).fill(one));
      expect(scales).toHaveLength(4);
    },
  );

  it.each([8, 4] as const)('gives a block of zeros the scale zero, in %i bits', (bits) => {
    const { codes, scales } = quantise(new Float32Array([0, -0, 1e-44]), 1, 3, bits);
    expect(unpack(codes, bits)).toEqual(Array(32).fill(ZERO_POINT[bits]));
    expect([...scales]).toEqual([0]);
  });

  it.each(
    ([8, 4] as const).flatMap((bits) =>
      [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((odd) => ({ bits, odd })),
    ),
  )('finds $odd among the weights, in $bits bits', ({ bits, odd }) => {
    const weights = new Float32Array(96).fill(1);
    for (const place of [0, 40, 95]) {
      expect(quantise(weights.with(place, odd), 1, 96, bits).refused).toBe('infinite or undefined numbers');
    }
    expect(quantise(weights, 1, 96, bits).refused).toBeNull();
  });
});
