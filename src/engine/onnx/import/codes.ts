/** Weights that share a scale. */
export const BLOCK = 32;

/** Bits of a code. */
export type CodeBits = 8 | 4;

/** Blocks in a row of `width` weights; the last one may be short. */
export function blocksIn(width: number): number {
  return Math.ceil(width / BLOCK);
}

/** Bytes of the codes of a block. */
export function codeBytes(bits: CodeBits): number {
  return (BLOCK * bits) / 8;
}
