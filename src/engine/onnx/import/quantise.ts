/** Weights that share a scale. */
export const BLOCK = 32;

/** Bits of a code. */
export type CodeBits = 8 | 4;

/** The code of zero. */
export const ZERO_POINT: Readonly<Record<CodeBits, number>> = { 8: 128, 4: 8 };

/** Least scale that float32 holds at full precision; blocks below it count as zero. */
const LEAST_SCALE = 2 ** -126;
/** Added and taken away again, it rounds a small double to the nearest whole number, ties to even. */
const ROUNDER = 1.5 * 2 ** 52;

/** Blocks in a row of `width` weights; the last one may be short. */
export function blocksIn(width: number): number {
  return Math.ceil(width / BLOCK);
}

/** Bytes of the codes of a block. */
export function codeBytes(bits: CodeBits): number {
  return (BLOCK * bits) / 8;
}

/**
 * Symmetric quantisation, round to nearest with ties to even, of `rows` rows of `width` weights in blocks of 32 along a row,
 * as MatMulNBits without zero points computes with it: `w ~ (code - zero) * scale`, divisions in float32.
 *
 * 8 bits: `scale = max |w| / 127`, codes 1 to 255 around 128. 4 bits: `scale = m / -8`, where `m` is the weight of the largest
 * magnitude (of two, the negative one), so that all 16 codes around 8 are used; what lies beyond the last one becomes the
 * last one. Codes of 4 bits lie two in a byte, the first in its low half. The last block of a row is filled up with zero.
 *
 * `codes` gets `blocksIn(width) * codeBytes(bits)` bytes a row, `scales` gets `blocksIn(width)` a row. False if a weight is
 * infinite or not a number.
 */
export function quantiseRows(
  weights: Float32Array,
  rows: number,
  width: number,
  bits: CodeBits,
  codes: Uint8Array,
  scales: Float32Array,
): boolean {
  const quantiseBlock = bits === 8 ? quantiseBlock8 : quantiseBlock4;
  const bytes = codeBytes(bits);
  let block = 0;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * width;
    for (let start = row * width; start < end; start += BLOCK) {
      const scale = quantiseBlock(weights, start, Math.min(BLOCK, end - start), codes, block * bytes);
      scales[block] = scale;
      sum += scale * 0;
      block++;
    }
  }
  return sum === 0;
}

/** Quantises one block and gives its scale. */
function quantiseBlock8(
  weights: Float32Array,
  start: number,
  length: number,
  codes: Uint8Array,
  at: number,
): number {
  let most = 0;
  let sum = 0;
  for (let i = start; i < start + length; i++) {
    const size = Math.abs(weights[i] ?? 0);
    if (size > most) most = size;
    sum += size;
  }
  // Quicker than to ask each of them: a number that is not finite makes such a sum.
  if (sum - sum !== 0) return Number.NaN;
  const scale = Math.fround(most / 127);
  if (scale < LEAST_SCALE) {
    codes.fill(ZERO_POINT[8], at, at + BLOCK);
    return 0;
  }
  for (let i = 0; i < length; i++) {
    codes[at + i] = Math.fround((weights[start + i] ?? 0) / scale) + ROUNDER - ROUNDER + ZERO_POINT[8];
  }
  if (length < BLOCK) codes.fill(ZERO_POINT[8], at + length, at + BLOCK);
  return scale;
}

/** Two codes of zero. */
const ZEROS = 0x88;

function quantiseBlock4(
  weights: Float32Array,
  start: number,
  length: number,
  codes: Uint8Array,
  at: number,
): number {
  let low = 0;
  let high = 0;
  let sum = 0;
  for (let i = start; i < start + length; i++) {
    const weight = weights[i] ?? 0;
    if (weight < low) low = weight;
    else if (weight > high) high = weight;
    sum += weight;
  }
  // Quicker than to ask each of them: a number that is not finite makes such a sum.
  if (sum - sum !== 0) return Number.NaN;
  const scale = Math.fround((high > -low ? high : low) / -8);
  if (Math.abs(scale) < LEAST_SCALE) {
    codes.fill(ZEROS, at, at + BLOCK / 2);
    return 0;
  }
  for (let i = 0, place = at; i < length; i += 2, place++) {
    const first = code4(weights[start + i] ?? 0, scale);
    const second = i + 1 < length ? code4(weights[start + i + 1] ?? 0, scale) : ZERO_POINT[4];
    codes[place] = first | (second << 4);
  }
  if (length < BLOCK) codes.fill(ZEROS, at + Math.ceil(length / 2), at + BLOCK / 2);
  return scale;
}

function code4(weight: number, scale: number): number {
  const code = (Math.fround(weight / scale) + ROUNDER - ROUNDER + ZERO_POINT[4]) | 0;
  return code > 15 ? 15 : code;
}
