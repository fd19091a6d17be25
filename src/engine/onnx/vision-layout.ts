import type { VisionSpec } from './model-spec';
import { mergeOrder, type PatchGrid } from './pixel-rows';
import { inverseFrequencies } from './rotary';

/** What the vision graph must know of the shape of one image; see `buildVisionGraph` for the inputs' meaning. */
export interface VisionLayout {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
  /** Null for a tower whose every block attends to the whole image: its patches stay in the processor's order. */
  readonly windows: WindowLayout | null;
}

/** The patches in window order, and how to get there and back. */
export interface WindowLayout {
  readonly order: Int32Array;
  readonly restore: Int32Array;
  readonly fill: Int32Array;
  readonly unfill: Int32Array;
  /** Windows and the patches that each is filled up to. */
  readonly count: number;
  readonly length: number;
  readonly mask: Float32Array;
}

/**
 * In how many pieces the tower computes what is wider than its rows: attention, by queries of the whole image and by windows,
 * and the MLPs, by rows.
 */
export interface Pieces {
  readonly image: number;
  readonly windows: number;
  readonly rows: number;
}

/** Whether any block attends within windows, so that the graph takes the inputs about them. */
export function hasWindows(spec: VisionSpec): boolean {
  return Array.from({ length: spec.depth }, (_, i) => i).some((i) => !spec.fullAttentionBlocks.includes(i));
}

/**
 * In how few pieces an image is computed so that the scores of each, float32 of every head, and the inside of its MLP take at
 * most `most` bytes.
 */
export function towerPieces(
  { heads, intermediate }: VisionSpec,
  patches: number,
  windows: Pick<WindowLayout, 'count' | 'length'> | null,
  most: number,
): Pieces {
  /** So many parts, queries, windows or rows, of so many numbers: none is cut, so the largest piece has to fit. */
  const pieces = (parts: number, numbers: number) => {
    const inPiece = Math.max(1, Math.floor(most / (4 * numbers)));
    return Math.max(1, Math.ceil(parts / inPiece));
  };
  return {
    image: pieces(patches, heads * patches),
    windows: windows ? pieces(windows.count, heads * windows.length ** 2) : 1,
    rows: pieces(patches, intermediate),
  };
}

/** Hides a score: far below any real one, and finite, so that no arithmetic makes it NaN. */
const hidden = -1e30;

/** Lays out an image for the tower. */
export function visionLayout(grid: PatchGrid, spec: VisionSpec): VisionLayout {
  if (!hasWindows(spec)) {
    const patches = Array.from({ length: grid.rows * grid.columns }, (_, i) => i);
    return { ...rotary(grid, spec, patches), windows: null };
  }
  const unit = spec.merge * spec.merge;
  const tokens = windowTokens(grid, spec);
  const patches = tokens.flat().flatMap((token) => Array.from({ length: unit }, (_, i) => token * unit + i));
  return { ...rotary(grid, spec, patches), windows: windowLayout(tokens, patches, unit) };
}

/**
 * Windows are `window / patch / merge` tokens a side, in reading order; those at the right and bottom edge hold what is
 * left (`get_vision_window_index` of transformers).
 */
function windowLayout(
  tokens: readonly (readonly number[])[],
  patches: readonly number[],
  unit: number,
): WindowLayout {
  const flat = tokens.flat();
  const restore = new Int32Array(flat.length);
  for (const [place, token] of flat.entries()) restore[token] = place;

  const length = Math.max(...tokens.map((window) => window.length)) * unit;
  const fill = new Int32Array(tokens.length * length);
  const unfill = new Int32Array(patches.length);
  const mask = new Float32Array(tokens.length * length * length);
  let place = 0;
  for (const [w, window] of tokens.entries()) {
    const held = window.length * unit;
    for (let i = 0; i < held; i++, place++) {
      fill[w * length + i] = place;
      unfill[place] = w * length + i;
    }
    for (let row = 0; row < length; row++) {
      const start = (w * length + row) * length;
      mask.fill(hidden, start + held, start + length);
    }
  }
  return {
    order: Int32Array.from(patches),
    restore,
    fill,
    unfill,
    count: tokens.length,
    length,
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
