import type { Rgb, RgbImage } from '../../trace/geometry';

/**
 * Fills the pixels `x0..x1` (both included) of row `y`, in whole pixels; what lies outside the image is left out.
 * Nothing is filled when `x0 > x1`. The work is bounded by the width of the image, whatever the coordinates.
 */
export function fillRow(image: RgbImage, x0: number, x1: number, y: number, [red, green, blue]: Rgb): void {
  if (y < 0 || y >= image.height) return;
  const first = Math.max(x0, 0);
  const last = Math.min(x1, image.width - 1);
  for (let at = (y * image.width + first) * 3, end = (y * image.width + last) * 3; at <= end; at += 3) {
    image.data[at] = red;
    image.data[at + 1] = green;
    image.data[at + 2] = blue;
  }
}

/** Fills the pixels `y0..y1` (both included) of column `x`; as `fillRow`, bounded by the height of the image. */
export function fillColumn(image: RgbImage, x: number, y0: number, y1: number, colour: Rgb): void {
  const last = Math.min(y1, image.height - 1);
  for (let y = Math.max(y0, 0); y <= last; y++) fillRow(image, x, x, y, colour);
}

/**
 * C's cast of a double to `int`: the fraction is cut off towards zero. Values that no 32-bit integer holds, which C
 * leaves undefined, become the nearest one; they lie far outside any image.
 */
export function toInt(value: number): number {
  return Math.min(Math.max(Math.trunc(value), -0x80000000), 0x7fffffff);
}
