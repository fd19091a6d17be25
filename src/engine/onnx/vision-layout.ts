import type { VisionSpec } from './model-spec';
import { mergeOrder, type PatchGrid } from './pixel-rows';
import { inverseFrequencies } from './rotary';

/** What the vision graph must know of the shape of one image; see `buildVisionGraph` for the inputs' meaning. */
export interface VisionLayout {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
  readonly order: BigInt64Array;
  readonly restore: BigInt64Array;
  readonly fill: BigInt64Array;
  readonly unfill: BigInt64Array;
  /** Windows and the patches that each is filled up to. */
  readonly windows: number;
  readonly windowLength: number;
  readonly mask: Float32Array;
}

/** Hides a score: far below any real one, and finite, so that no arithmetic makes it NaN. */
const hidden = -1e30;

/**
 * Lays out an image for the tower. Windows are `window / patch / merge` tokens a side, in reading order; those at the
 * right and bottom edge hold what is left (`get_vision_window_index` of transformers).
 */
export function visionLayout(grid: PatchGrid, spec: VisionSpec): VisionLayout {
  const unit = spec.merge * spec.merge;
  const tokens = windowTokens(grid, spec);
  const flat = tokens.flat();
  const patches = flat.flatMap((token) => Array.from({ length: unit }, (_, i) => token * unit + i));
  const restore = new BigInt64Array(flat.length);
  for (const [place, token] of flat.entries()) restore[token] = BigInt(place);

  const windowLength = Math.max(...tokens.map((window) => window.length)) * unit;
  const fill = new BigInt64Array(tokens.length * windowLength);
  const unfill = new BigInt64Array(patches.length);
  const mask = new Float32Array(tokens.length * windowLength * windowLength);
  let place = 0;
  for (const [w, window] of tokens.entries()) {
    const length = window.length * unit;
    for (let i = 0; i < length; i++, place++) {
      fill[w * windowLength + i] = BigInt(place);
      unfill[place] = BigInt(w * windowLength + i);
    }
    for (let row = 0; row < windowLength; row++) {
      const start = (w * windowLength + row) * windowLength;
      mask.fill(hidden, start + length, start + windowLength);
    }
  }
  const order = BigInt64Array.from(patches, BigInt);
  return {
    ...rotary(grid, spec, patches),
    order,
    restore,
    fill,
    unfill,
    windows: tokens.length,
    windowLength,
    mask,
  };
}

/** The tokens of each window, both in reading order; a token is its index in the grid of tokens. */
function windowTokens(grid: PatchGrid, spec: VisionSpec): number[][] {
  const side = Math.floor(spec.window / spec.merge / spec.patch);
  const rows = grid.rows / spec.merge;
  const columns = grid.columns / spec.merge;
  const windows: number[][] = [];
  for (let top = 0; top < rows; top += side) {
    for (let left = 0; left < columns; left += side) {
      const window: number[] = [];
      for (let row = top; row < Math.min(top + side, rows); row++) {
        for (let column = left; column < Math.min(left + side, columns); column++)
          window.push(row * columns + column);
      }
      windows.push(window);
    }
  }
  return windows;
}

/** cos and sin `[patches, headDim / 2]` in the given order: half of the frequencies turn with the row, half with the column. */
function rotary(grid: PatchGrid, spec: VisionSpec, order: readonly number[]) {
  const frequencies = inverseFrequencies(spec.ropeTheta, spec.headDim / 2);
  const places = [...mergeOrder(grid, spec.merge)];
  const width = spec.headDim / 2;
  const cos = new Float32Array(order.length * width);
  const sin = new Float32Array(order.length * width);
  for (const [i, patch] of order.entries()) {
    for (const [axis, position] of (places[patch] ?? []).entries()) {
      for (const [f, frequency] of frequencies.entries()) {
        const angle = Math.fround(position * frequency);
        const at = i * width + axis * frequencies.length + f;
        cos[at] = Math.cos(angle);
        sin[at] = Math.sin(angle);
      }
    }
  }
  return { cos, sin };
}
