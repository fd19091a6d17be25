import type { TextSpec } from './model-spec';

/** `theta ^ (-2i / width)` for i < width / 2, in single precision as PyTorch computes them. */
export function inverseFrequencies(theta: number, width: number): Float32Array {
  return Float32Array.from(
    { length: width / 2 },
    (_, i) => 1 / Math.fround(theta ** Math.fround((2 * i) / width)),
  );
}

/** An image among the tokens: its first token, and its grid in tokens (patches / merge). */
export interface ImageSpan {
  readonly start: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * M-RoPE positions `[3, length]`: temporal, height, width (`get_rope_index` of transformers). Text counts on all three;
 * a still image stays at one temporal position and spreads its rows and columns from there; what follows it goes on
 * from the largest position so far.
 */
export function mropePositions(length: number, images: readonly ImageSpan[]): Int32Array {
  const positions = new Int32Array(3 * length);
  let next = 0;
  let token = 0;
  const text = (end: number) => {
    for (; token < end; token++, next++) {
      for (let axis = 0; axis < 3; axis++) positions[axis * length + token] = next;
    }
  };
  for (const image of images) {
    text(image.start);
    for (let row = 0; row < image.rows; row++) {
      for (let column = 0; column < image.columns; column++, token++) {
        positions[token] = next;
        positions[length + token] = next + row;
        positions[2 * length + token] = next + column;
      }
    }
    next += Math.max(image.rows, image.columns);
  }
  text(length);
  return positions;
}

/**
 * The rotary rows of tokens: for each, `headDim / 2` cosines and sines, where the first `mropeSection[0]` frequencies
 * turn with the temporal position, the next with the height, the last with the width.
 */
export class RotaryTable {
  private readonly frequencies: Float32Array;
  private readonly axes: Uint8Array;

  constructor(spec: TextSpec) {
    this.frequencies = inverseFrequencies(spec.ropeTheta, spec.headDim);
    this.axes = Uint8Array.from(spec.mropeSection.flatMap((count, axis) => Array<number>(count).fill(axis)));
  }

  /** Writes the row of one token at `row` of `cos` and `sin`. */
  write(
    cos: Float32Array,
    sin: Float32Array,
    row: number,
    position: readonly [number, number, number],
  ): void {
    const width = this.frequencies.length;
    for (let i = 0; i < width; i++) {
      const angle = Math.fround((position[this.axes[i] ?? 0] ?? 0) * (this.frequencies[i] ?? 0));
      cos[row * width + i] = Math.cos(angle);
      sin[row * width + i] = Math.sin(angle);
    }
  }
}
