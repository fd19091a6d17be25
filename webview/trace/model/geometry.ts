import { type Drawing, isLine, isUnpainted } from '../../../src/trace/drawing';
import type { Point, Size } from '../../../src/trace/geometry';

/** An upright rectangle in model space, edges between pixels: the top left pixel is `0, 0, 1, 1`. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What a drawing covers: a box's outer edge, or the line between the middles of two pixels. */
export type Outline =
  | ({ readonly kind: 'box' } & Rect)
  | { readonly kind: 'line'; readonly from: Point; readonly to: Point };

/**
 * Nothing is drawn further out than this, in pixels of model space. A canvas counts in 32-bit floats, which hold such
 * numbers to a quarter of a pixel; no image is so large.
 */
export const FURTHEST = 2 ** 21;

/** The part of a drawing that can be drawn; null if there is none, as where it lies too far out altogether. */
export function outlineOf(drawing: Drawing): Outline | null {
  if (isUnpainted(drawing)) return null;
  if (isLine(drawing)) {
    const [x1, y1] = drawing.start_point_2d;
    const [x2, y2] = drawing.end_point_2d;
    return clipLine([x1 + 0.5, y1 + 0.5], [x2 + 0.5, y2 + 0.5]);
  }
  const [x1, y1, x2, y2] = drawing.bbox_2d;
  // Both corners are pixels of the box, and they may be swapped.
  const rect = {
    left: Math.min(x1, x2),
    top: Math.min(y1, y2),
    right: Math.max(x1, x2) + 1,
    bottom: Math.max(y1, y2) + 1,
  };
  if (rect.right < -FURTHEST || rect.bottom < -FURTHEST || rect.left > FURTHEST || rect.top > FURTHEST)
    return null;
  return {
    kind: 'box',
    left: Math.max(rect.left, -FURTHEST),
    top: Math.max(rect.top, -FURTHEST),
    right: Math.min(rect.right, FURTHEST),
    bottom: Math.min(rect.bottom, FURTHEST),
  };
}

/** The smallest upright rectangle that holds an outline. */
export function boundsOf(outline: Outline): Rect {
  if (outline.kind === 'box') return outline;
  const { from, to } = outline;
  return {
    left: Math.min(from[0], to[0]),
    top: Math.min(from[1], to[1]),
    right: Math.max(from[0], to[0]),
    bottom: Math.max(from[1], to[1]),
  };
}

/** Whether any of it lies out of the picture. */
export function reachesOut(outline: Outline, { width, height }: Size): boolean {
  const { left, top, right, bottom } = boundsOf(outline);
  return left < 0 || top < 0 || right > width || bottom > height;
}

/** The rectangle with two points at opposite corners. */
export function rectBetween([x1, y1]: Point, [x2, y2]: Point): Rect {
  return {
    left: Math.min(x1, x2),
    top: Math.min(y1, y2),
    right: Math.max(x1, x2),
    bottom: Math.max(y1, y2),
  };
}

/** The smallest rectangle that holds both. */
export function union(a: Rect, b: Rect): Rect {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** Where a line crosses the edge of what can be drawn: a share of its length, and the edge, if it is not an end. */
interface Crossing {
  readonly share: number;
  readonly edge: { readonly axis: 0 | 1; readonly at: number } | null;
}

/** Liang and Barsky's clipping against the square of `FURTHEST`, in shares of the line's length. */
function clipLine(from: Point, to: Point): Outline | null {
  let first: Crossing = { share: 0, edge: null };
  let last: Crossing = { share: 1, edge: null };
  for (const axis of [0, 1] as const) {
    // Halves keep the difference of two numbers near the end of a float's range finite.
    const half = to[axis] / 2 - from[axis] / 2;
    for (const side of [-1, 1]) {
      const run = side * half;
      const room = FURTHEST / 2 - (side * from[axis]) / 2;
      const crossing: Crossing = { share: room / run, edge: { axis, at: side * FURTHEST } };
      if (run === 0 && room < 0) return null;
      if (run < 0 && crossing.share > first.share) first = crossing;
      if (run > 0 && crossing.share < last.share) last = crossing;
    }
  }
  if (first.share > last.share) return null;
  return { kind: 'line', from: pointAt(from, to, first), to: pointAt(from, to, last) };
}

/** On the axis whose edge is crossed the point is known; a share of a huge length would miss it by far. */
function pointAt(from: Point, to: Point, { share, edge }: Crossing): Point {
  const along = (axis: 0 | 1): number => {
    if (edge?.axis === axis) return edge.at;
    const value = from[axis] * (1 - share) + to[axis] * share;
    return Math.min(Math.max(value, -FURTHEST), FURTHEST);
  };
  return [along(0), along(1)];
}
