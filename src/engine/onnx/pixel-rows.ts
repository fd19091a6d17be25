import type { RgbImage } from '../../trace/geometry';
import type { ImageSpec, VisionSpec } from './model-spec';

/** Patches down and across an image in model space. */
export interface PatchGrid {
  readonly rows: number;
  readonly columns: number;
}

/** The grid of an image whose sides are multiples of `patch * merge`. */
export function patchGrid(image: { width: number; height: number }, vision: VisionSpec): PatchGrid {
  return { rows: image.height / vision.patch, columns: image.width / vision.patch };
}

/**
 * The image as the vision tower takes it: one row a patch, `[rows * columns, channels * temporalPatch * patch * patch]`.
 * Values are rescaled and normalised; a still image fills every frame of a patch. Patches come in merge order: the
 * `merge * merge` patches of a token together, tokens in reading order (Qwen2VLImageProcessor's `pixel_values`).
 */
export function pixelRows(image: RgbImage, vision: VisionSpec, spec: ImageSpec): Float32Array {
  const { patch, merge, temporalPatch } = vision;
  const channels = 3;
  const grid = patchGrid(image, vision);
  const area = patch * patch;
  const rows = new Float32Array(grid.rows * grid.columns * channels * temporalPatch * area);
  const table = levels(spec);
  let at = 0;
  for (const [row, column] of mergeOrder(grid, merge)) {
    const corner = (row * patch * image.width + column * patch) * channels;
    for (let channel = 0; channel < channels; channel++) {
      const frame = at;
      for (let y = 0; y < patch; y++) {
        let from = corner + y * image.width * channels + channel;
        for (let x = 0; x < patch; x++) {
          rows[at++] = table[channel * 256 + (image.data[from] ?? 0)] ?? 0;
          from += channels;
        }
      }
      for (let copy = 1; copy < temporalPatch; copy++) {
        rows.copyWithin(at, frame, frame + area);
        at += area;
      }
    }
  }
  return rows;
}

/** Every patch of the grid as `[row, column]`, in merge order. */
export function* mergeOrder(
  grid: PatchGrid,
  merge: number,
): Generator<readonly [row: number, column: number]> {
  for (let top = 0; top < grid.rows; top += merge) {
    for (let left = 0; left < grid.columns; left += merge) {
      for (let row = top; row < top + merge; row++) {
        for (let column = left; column < left + merge; column++) yield [row, column];
      }
    }
  }
}

/** What each of the 256 levels of each channel becomes: `[3 * 256]`. */
function levels(spec: ImageSpec): Float32Array {
  const table = new Float32Array(3 * 256);
  for (const channel of [0, 1, 2] as const) {
    for (let level = 0; level < 256; level++) {
      table[channel * 256 + level] = (level * spec.rescale - spec.mean[channel]) / spec.std[channel];
    }
  }
  return table;
}
