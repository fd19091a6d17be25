import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFloat32 } from '../../../../../src/engine/onnx/import/to-float32';
import { bytesOf, convert, converted } from '../../../../helpers/convert';

function toFloat16(values: Float32Array): Uint16Array {
  const rows = { rows: 1, width: values.length, format: 'float32' } as const;
  const [bytes = new Uint8Array()] = converted(bytesOf(values), rows, { kind: 'float16' });
  return new Uint16Array(bytes.buffer);
}
const halves = (...values: number[]) => toFloat16(Float32Array.from(values));
const back = (bits: Uint16Array) => toFloat32(bytesOf(bits), 'float16');

describe('Slot.convert to float16', () => {
  it('gives every float16 back', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, i) => i).filter((bits) => (bits & 0x7c00) !== 0x7c00);
    expect(toFloat16(back(all))).toEqual(all);
  });

  it('takes the nearest, of two the even one, down to nothing', () => {
    const step = 2 ** -10;
    expect(halves(1 + step / 2, 1 + 1.5 * step, 1 + 0.51 * step)).toEqual(
      new Uint16Array([0x3c00, 0x3c02, 0x3c01]),
    );
    // Rounding carries over into the exponent, also from the largest number below the normal ones.
    expect(halves(2 - step / 4, 2 ** -14 - 2 ** -26)).toEqual(new Uint16Array([0x4000, 0x0400]));
    expect(halves(2 ** -25, 2 ** -25 + 2 ** -40, -(2 ** -24), -(2 ** -30))).toEqual(
      new Uint16Array([0, 1, 0x8001, 0x8000]),
    );
    expect(halves(65519)).toEqual(new Uint16Array([0x7bff]));
  });

  it('is off by at most half a step', () => {
    const number = fc.float({ noNaN: true, min: -65504, max: 65504 });
    fc.assert(
      fc.property(number, (value) => {
        const near = back(halves(value))[0] ?? 0;
        const step = 2 ** (Math.max(-14, Math.floor(Math.log2(Math.abs(value)))) - 10);
        expect(Math.abs(near - value)).toBeLessThanOrEqual(step / 2);
      }),
      { seed: 4, numRuns: 2000 },
    );
  });

  it.each([65520, -65520, 1e30])('has no room for %d', (value) => {
    expect(refusal(value)).toBe('numbers too large for fp16 (use int8 or fp32)');
  });

  it.each([Number.POSITIVE_INFINITY, Number.NaN])('refuses %d', (value) => {
    expect(refusal(value)).toBe('infinite or undefined numbers');
  });
});

function refusal(value: number) {
  const values = new Float32Array([0, value, 1]);
  return convert(bytesOf(values), { rows: 3, width: 1, format: 'float32' }, { kind: 'float16' });
}
