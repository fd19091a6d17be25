import type { FloatFormat } from '../imported-model';

/** Bytes of a number in each format. */
export const BYTES: Readonly<Record<FloatFormat, number>> = { float32: 4, bfloat16: 2, float16: 2 };

/**
 * The numbers of `bytes`, little-endian in `format`, as float32: exact, every bfloat16 and float16 is one. `bytes` must
 * start at a multiple of the number's size; for float32 the result shares its memory.
 */
export function toFloat32(bytes: Uint8Array, format: FloatFormat): Float32Array {
  const count = bytes.length / BYTES[format];
  if (format === 'float32') return new Float32Array(bytes.buffer, bytes.byteOffset, count);
  const source = new Uint16Array(bytes.buffer, bytes.byteOffset, count);
  const bits = new Uint32Array(count);
  if (format === 'bfloat16') {
    for (let i = 0; i < count; i++) bits[i] = (source[i] ?? 0) << 16;
  } else {
    const table = halfTable();
    for (let i = 0; i < count; i++) bits[i] = table[source[i] ?? 0] ?? 0;
  }
  return new Float32Array(bits.buffer);
}

let halves: Uint32Array | undefined;

/** The float32 bits of every float16 (IEEE 754 binary16: 1 sign bit, 5 of exponent, 10 of fraction). */
function halfTable(): Uint32Array {
  if (halves === undefined) {
    halves = new Uint32Array(65536);
    for (let half = 0; half < 65536; half++) halves[half] = halfBits(half);
  }
  return halves;
}

function halfBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // A subnormal float16 is a normal float32: shift until the leading one is where it is implied.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}
