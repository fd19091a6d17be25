/** From here on a number rounds to float16's infinity, which begins half a step above 65504. */
const TOO_LARGE = 65_520;
/** The least normal float16; below it lie whole multiples of 2^-24. */
const LEAST_NORMAL = 2 ** -14;
const ROUNDER = 1.5 * 2 ** 52;

/**
 * The float16 (IEEE 754 binary16) nearest to each number, ties to even, as its bits. Null if a number is too large for the
 * format, infinite, or none. A bfloat16 of usual size loses nothing; one below 2^-14 may.
 */
export function toFloat16(values: Float32Array): Uint16Array | null {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) {
    const size = Math.abs(values[i] ?? 0);
    if (!(size < TOO_LARGE)) return null;
    const word = bits[i] ?? 0;
    const sign = (word >>> 16) & 0x8000;
    if (size < LEAST_NORMAL) {
      halves[i] = sign | (size * 2 ** 24 + ROUNDER - ROUNDER);
    } else {
      const magnitude = word & 0x7fff_ffff;
      // The exponent's bias falls from 127 to 15; 13 bits of the fraction go, rounding carries into what stays.
      halves[i] = sign | ((magnitude - 0x3800_0000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
    }
  }
  return halves;
}
