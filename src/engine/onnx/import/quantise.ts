/** Weights that share a scale. */
export const BLOCK = 32;
/** The code of zero. */
export const ZERO_POINT = 128;

/** Least scale that float32 holds at full precision; blocks below it count as zero. */
const LEAST_SCALE = 2 ** -126;
/** Added and taken away again, it rounds a small double to the nearest whole number, ties to even. */
const ROUNDER = 1.5 * 2 ** 52;

/** Blocks in a row of `width` weights; the last one may be short. */
export function blocksIn(width: number): number {
  return Math.ceil(width / BLOCK);
}

/**
 * Symmetric 8-bit quantisation, round to nearest, of `rows` rows of `width` weights: in each block of 32 along a row
 * `scale = max |w| / 127` and `code = round(w / scale) + 128`, both divisions in float32, ties to even. So
 * `w ~ (code - 128) * scale`, what MatMulNBits (bits 8, no zero points) computes with. `codes` gets `blocksIn(width) *
 * 32` bytes a row, the last block filled up with the code of zero, `scales` gets `blocksIn(width)` a row.
 */
export function quantiseRows(
  weights: Float32Array,
  rows: number,
  width: number,
  codes: Uint8Array,
  scales: Float32Array,
): void {
  let block = 0;
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * width;
    for (let start = row * width; start < end; start += BLOCK) {
      const length = Math.min(BLOCK, end - start);
      scales[block] = quantiseBlock(weights, start, length, codes, block * BLOCK);
      block++;
    }
  }
}

/** Quantises one block and gives its scale. */
function quantiseBlock(
  weights: Float32Array,
  start: number,
  length: number,
  codes: Uint8Array,
  at: number,
): number {
  let most = 0;
  for (let i = start; i < start + length; i++) most = Math.max(most, Math.abs(weights[i] ?? 0));
  const scale = Math.fround(most / 127);
  if (scale < LEAST_SCALE) {
    codes.fill(ZERO_POINT, at, at + BLOCK);
    return 0;
  }
  for (let i = 0; i < length; i++) {
    codes[at + i] = Math.fround((weights[start + i] ?? 0) / scale) + ROUNDER - ROUNDER + ZERO_POINT;
  }
  codes.fill(ZERO_POINT, at + length, at + BLOCK);
  return scale;
}
