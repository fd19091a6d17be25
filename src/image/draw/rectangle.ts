import type { Rgb, RgbImage } from '../../trace/geometry';
import { fillColumn, fillRow } from './raster';

/**
 * The outline of a rectangle, as Pillow's `ImageDraw.rectangle(outline=…, width=…)`. Corners are whole pixels with
 * `x0 <= x1` and `y0 <= y1`; both belong to the outline, which grows inwards.
 *
 * Where the rectangle is thinner than two outlines, rows and columns cross to the other side, as they do in Pillow.
 */
export function drawRectangle(
  image: RgbImage,
  [x0, y0, x1, y1]: readonly [x0: number, y0: number, x1: number, y1: number],
  colour: Rgb,
  width: number,
): void {
  for (let i = 0; i < width; i++) {
    fillRow(image, x0, x1, y0 + i, colour);
    fillRow(image, x0, x1, y1 - i, colour);
    drawSide(image, x1 - i, y0 + width, y1 - width + 1, colour);
    drawSide(image, x0 + i, y0 + width, y1 - width + 1, colour);
  }
}

/** A vertical line from `from` up or down to `to`, without its last pixel: Pillow's lines of width 1 leave it out. */
function drawSide(image: RgbImage, x: number, from: number, to: number, colour: Rgb): void {
  if (from <= to) fillColumn(image, x, from, to - 1, colour);
  else fillColumn(image, x, to + 1, from, colour);
}
