import type { Rgb, RgbImage } from '../../trace/geometry';
import { fillRow } from './raster';

/** One side of a polygon: where it starts, the rows and columns it spans, and its run in x for each row (32-bit float). */
interface Edge {
  readonly x0: number;
  readonly y0: number;
  readonly xMin: number;
  readonly xMax: number;
  readonly yMin: number;
  readonly yMax: number;
  readonly slope: number;
}

/**
 * A line from `(x0, y0)` to `(x1, y1)` in whole pixels, as Pillow's `ImageDraw.line(width=…)` for widths over 1: the
 * filled polygon whose four corners lie half a width to the sides of the two ends, rounded to whole pixels.
 */
export function drawLine(
  image: RgbImage,
  [x0, y0, x1, y1]: readonly [x0: number, y0: number, x1: number, y1: number],
  colour: Rgb,
  width: number,
): void {
  const dx = x1 - x0;
  const dy = y1 - y0;
  if (dx === 0 && dy === 0) {
    fillRow(image, x0, x0, y0, colour);
    return;
  }
  const length = Math.sqrt(dx * dx + dy * dy);
  const wide = Math.floor((width - 1) / 2 + 0.5) / length;
  const narrow = Math.ceil((width - 1) / 2 - 0.5) / length;
  const [left, right] = [roundHalfDown(narrow * dy), roundHalfDown(wide * dy)];
  const [above, below] = [roundHalfDown(narrow * dx), roundHalfDown(wide * dx)];
  fillPolygon(
    image,
    [
      edge(x0 - left, y0 + below, x1 - left, y1 + below),
      edge(x1 - left, y1 + below, x1 + right, y1 - above),
      edge(x1 + right, y1 - above, x0 + right, y0 - above),
      edge(x0 + right, y0 - above, x0 - left, y0 + below),
    ],
    colour,
  );
}

function edge(x0: number, y0: number, x1: number, y1: number): Edge {
  const slope = y0 === y1 ? 0 : float(float(x1 - x0) / float(y1 - y0));
  return {
    x0,
    y0,
    xMin: Math.min(x0, x1),
    xMax: Math.max(x0, x1),
    yMin: Math.min(y0, y1),
    yMax: Math.max(y0, y1),
    slope,
  };
}

/** Fills a polygon row by row between pairs of crossings. Rows outside the image are not visited. */
function fillPolygon(image: RgbImage, edges: readonly Edge[], colour: Rgb): void {
  const slanted = edges.filter((side) => side.yMin !== side.yMax);
  for (const side of edges) {
    if (side.yMin === side.yMax) fillRow(image, side.xMin, side.xMax, side.yMin, colour);
  }
  const first = Math.max(Math.min(...edges.map((side) => side.yMin)), 0);
  const last = Math.min(Math.max(...edges.map((side) => side.yMax)), image.height);
  for (let y = first; y <= last; y++) {
    const crossings = findCrossings(slanted, y, last).sort((one, other) => one - other);
    for (let i = 1; i < crossings.length; i += 2) {
      const [from, to] = [crossings[i - 1], crossings[i]];
      if (from !== undefined && to !== undefined) {
        fillRow(image, roundCrossingUp(from), roundCrossingDown(to), y, colour);
      }
    }
  }
}

/**
 * Where the sides cross row `y`. A side that ends above the last row counts twice there, so that the next one takes over
 * without a gap; at a corner where both sides lean away to the same direction, the crossing is pulled to the neighbouring
 * row's, so that a flat corner is not left as a lone pixel. (Pillow's rules, without which thin lines differ.)
 */
function findCrossings(edges: readonly Edge[], y: number, last: number): number[] {
  const crossings: number[] = [];
  edges.forEach((current, index) => {
    if (y < current.yMin || y > current.yMax) return;
    const x = crossingAt(current, y);
    if (y === current.yMax && y < last) crossings.push(x, x);
    else if ((y === current.yMin || y === current.yMax) && current.slope !== 0) {
      crossings.push(joinCorner(current, edges.slice(0, index), x, y));
    } else crossings.push(x);
  });
  return crossings;
}

/** The crossing `x` of `current` with row `y`, or that of the next row if a corner with an earlier side is there. */
function joinCorner(current: Edge, earlier: readonly Edge[], x: number, y: number): number {
  for (const other of earlier) {
    if ((y !== other.yMin && y !== other.yMax) || other.slope === 0) continue;
    if (roundHalfAway(x) !== roundHalfAway(crossingAt(other, y))) continue;
    const next = y === current.yMax ? y - 1 : y + 1;
    if (next < other.yMin || next > other.yMax) continue;
    const [near, far] = [crossingAt(current, next), crossingAt(other, next)];
    if (x > float(near + 1) && x > float(far + 1)) return roundHalfAway(Math.max(near, far)) + 1;
    if (x < float(near - 1) && x < float(far - 1)) return roundHalfAway(Math.min(near, far)) - 1;
    return x;
  }
  return x;
}

/** Pillow computes crossings in 32-bit floats; so must we, to land on the same pixels. */
const float = Math.fround;

const crossingAt = (side: Edge, y: number): number =>
  float(float(float(y - side.y0) * side.slope) + float(side.x0));

/** Half away from zero. */
const roundHalfAway = (value: number): number => Math.sign(value) * Math.floor(Math.abs(value) + 0.5);

/** Half towards zero. */
const roundHalfDown = (value: number): number => Math.sign(value) * Math.ceil(Math.abs(value) - 0.5);

/** Half away from zero; the sum is taken in 32 bits for positive values and in 64 for negative ones, as in Pillow. */
const roundCrossingUp = (value: number): number =>
  value >= 0 ? Math.floor(float(value + 0.5)) : -Math.floor(-value + 0.5);

/** Half towards zero; precision as above. */
const roundCrossingDown = (value: number): number =>
  value >= 0 ? Math.ceil(float(value - 0.5)) : -Math.ceil(-value - 0.5);
