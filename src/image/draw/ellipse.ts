import type { Rgb, RgbImage } from '../../trace/geometry';
import { fillRow } from './raster';

/**
 * A filled ellipse inside the box of whole pixels `x0..x1`, `y0..y1` (both included), as Pillow's
 * `ImageDraw.ellipse(fill=…)`: a walk along one quarter of the outline on a grid of half pixels that takes, at each
 * step, the neighbour closest to the curve. For small ellipses: the walk takes as many steps as the outline has pixels.
 */
export function fillEllipse(
  image: RgbImage,
  [x0, y0, x1, y1]: readonly [x0: number, y0: number, x1: number, y1: number],
  colour: Rgb,
): void {
  const a = x1 - x0;
  const b = y1 - y0;
  if (a + b === 0) return; // Pillow gives it an outline of width a + b, which is none.
  const deviation = (x: number, y: number) => Math.abs(a * a * y * y + b * b * x * x - a * a * b * b);

  let x = a;
  let y = b % 2;
  let drawn = -1;
  for (;;) {
    if (y > drawn) {
      // The first point of a row is its outermost.
      fillRow(image, x0 + (a - x) / 2, x0 + (a + x) / 2, y0 + (b - y) / 2, colour);
      fillRow(image, x0 + (a - x) / 2, x0 + (a + x) / 2, y0 + (b + y) / 2, colour);
      drawn = y;
    }
    if (x === a % 2 && y === b) return;
    const up = deviation(x, y + 2);
    const diagonal = x > 1 ? deviation(x - 2, y + 2) : Number.POSITIVE_INFINITY;
    const inwards = x > 1 ? deviation(x - 2, y) : Number.POSITIVE_INFINITY;
    if (Math.min(up, diagonal) <= inwards) y += 2;
    if (up > diagonal || Math.min(up, diagonal) > inwards) x -= 2;
  }
}
