import { boxColour } from '../trace/box-colours';
import { type Box, type Canvas, isUnpainted, type Line } from '../trace/drawing';
import type { Point, Rgb, RgbImage } from '../trace/geometry';
import {
  DOT_RADIUS,
  END_COLOUR,
  LABEL_OFFSET,
  LINE_COLOUR,
  START_COLOUR,
  STROKE,
} from '../trace/paint-rules';
import { fillEllipse } from './draw/ellipse';
import { drawLabel } from './draw/label';
import { drawLine } from './draw/line';
import { toInt } from './draw/raster';
import { drawRectangle } from './draw/rectangle';

/**
 * A copy of `image` with the drawings of `canvas` on it, pixel for pixel as upstream paints them with Pillow: first the
 * boxes, then the lines, each in order, later ones on top. Coordinates are in pixels of `image`.
 *
 * A box is an outline of 4 pixels in the colour of its position, with its label in the same colour 8 right of and 6 below
 * its top left corner; corners may be swapped. A line is black, 4 wide, with a red dot where it starts and a blue one
 * where it ends; its label is not drawn. An `UnpaintedBox` only takes its position's colour.
 *
 * Nothing is clamped into the picture: what lies outside is not seen. Time and memory depend on the size of the image and
 * the number and labels of the drawings, never on how far the coordinates reach. A drawing with a coordinate that is not
 * finite is not painted.
 */
export function paint(image: RgbImage, canvas: Canvas): RgbImage {
  // A Buffer's own `slice` would share its memory.
  const painted: RgbImage = { width: image.width, height: image.height, data: new Uint8Array(image.data) };
  canvas.boxes.forEach((box, position) => {
    if (!isUnpainted(box) && box.bbox_2d.every(Number.isFinite))
      paintBox(painted, box, boxColour(position).colour);
  });
  for (const line of canvas.lines) {
    if ([...line.start_point_2d, ...line.end_point_2d].every(Number.isFinite)) paintLine(painted, line);
  }
  return painted;
}

function paintBox(image: RgbImage, { bbox_2d: [x1, y1, x2, y2], label }: Box, colour: Rgb): void {
  const [left, right] = sorted(toInt(rescale(x1, image.width)), toInt(rescale(x2, image.width)));
  const [top, bottom] = sorted(toInt(rescale(y1, image.height)), toInt(rescale(y2, image.height)));
  drawRectangle(image, [left, top, right, bottom], colour, STROKE);
  drawLabel(image, left + LABEL_OFFSET[0], top + LABEL_OFFSET[1], label, colour);
}

function paintLine(image: RgbImage, line: Line): void {
  const start = toImage(image, line.start_point_2d);
  const end = toImage(image, line.end_point_2d);
  drawLine(image, [toInt(start[0]), toInt(start[1]), toInt(end[0]), toInt(end[1])], LINE_COLOUR, STROKE);
  paintDot(image, start, START_COLOUR);
  paintDot(image, end, END_COLOUR);
}

function paintDot(image: RgbImage, [x, y]: Point, colour: Rgb): void {
  const corners = [x - DOT_RADIUS, y - DOT_RADIUS, x + DOT_RADIUS, y + DOT_RADIUS] as const;
  fillEllipse(image, [toInt(corners[0]), toInt(corners[1]), toInt(corners[2]), toInt(corners[3])], colour);
}

/** Upstream cuts off the fraction of a line's points before it rescales them; of a box's corners after it. */
function toImage(image: RgbImage, [x, y]: Point): Point {
  return [rescale(Math.trunc(x), image.width), rescale(Math.trunc(y), image.height)];
}

/**
 * Upstream divides by the width that the model saw and multiplies by the image's, which are the same number. In floating
 * point that can end just below the whole pixel it started from (51 / 84 * 84 is 50.999…), and the cast to int then takes
 * the one before. We follow, or some shapes would be a pixel off.
 */
const rescale = (coordinate: number, side: number): number => (coordinate / side) * side;

const sorted = (one: number, other: number): readonly [number, number] =>
  one > other ? [other, one] : [one, other];
