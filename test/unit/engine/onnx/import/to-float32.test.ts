import { describe, expect, it } from 'vitest';
import { toFloat32 } from '../../../../../src/engine/onnx/import/to-float32';

const every16Bits = Uint16Array.from({ length: 65536 }, (_, i) => i);

/** IEEE 754 binary16 by its definition. */
function halfValue(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

describe('toFloat32', () => {
  it('converts every float16 exactly, signs of zero, infinities and undefined numbers included', () => {
    const values = toFloat32(new Uint8Array(every16Bits.buffer), 'float16');
    for (let half = 0; half < 65536; half++) {
      if (!Object.is(values[half], halfValue(half)))
        throw new Error(`${half}: ${values[half]}, not ${halfValue(half)}`);
    }
  });

  it('converts every bfloat16 exactly: it is the upper half of a float32', () => {
    const values = toFloat32(new Uint8Array(every16Bits.buffer), 'bfloat16');
    const view = new DataView(new ArrayBuffer(4));
    for (let bits = 0; bits < 65536; bits++) {
      view.setUint16(0, bits);
      if (!Object.is(values[bits], view.getFloat32(0))) throw new Error(`${bits}: ${values[bits]}`);
    }
  });

  it('leaves float32 as it is', () => {
    const numbers = new Float32Array([0, -0, 1.5, 1e-45, 3e38]);
    expect([...toFloat32(new Uint8Array(numbers.buffer), 'float32')]).toEqual([...numbers]);
  });
});
