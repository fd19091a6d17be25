import { type Drawing, isLine, isUnpainted } from '../../../src/trace/drawing';
import type { Quad } from '../../../src/trace/edit/drawing-values';
import type { Point } from '../../../src/trace/geometry';

/** What of a shape can be moved by itself: an edge or a corner of a box by where it is, or an end of a line. */
export type Part = 'w' | 'n' | 'e' | 's' | 'nw' | 'ne' | 'se' | 'sw' | 'start' | 'end';

/** A place of a shape to take hold of, in model space. */
export interface Handle {
  readonly part: Part;
  readonly at: Point;
}

const BOX_PARTS: readonly Part[] = ['w', 'n', 'e', 's', 'nw', 'ne', 'se', 'sw'];
const LINE_PARTS: readonly Part[] = ['start', 'end'];

/** The parts of a drawing, in the order in which a key leads through them; none of one that is not painted. */
export function partsOfDrawing(drawing: Drawing): readonly Part[] {
  if (isUnpainted(drawing)) return [];
  return isLine(drawing) ? LINE_PARTS : BOX_PARTS;
}

/** The numbers of a drawing; null where they are not four. */
export function quadOf(drawing: Drawing): Quad | null {
  if (isUnpainted(drawing)) return null;
  return isLine(drawing) ? [...drawing.start_point_2d, ...drawing.end_point_2d] : drawing.bbox_2d;
}

/** Where the parts of a drawing are taken hold of: on a box's outer edge, and in the middles of a line's end pixels. */
export function handlesOf(drawing: Drawing): Handle[] {
  const quad = quadOf(drawing);
  if (quad === null) return [];
  const [x1, y1, x2, y2] = quad;
  if (isLine(drawing)) {
    return [
      { part: 'start', at: [x1 + 0.5, y1 + 0.5] },
      { part: 'end', at: [x2 + 0.5, y2 + 0.5] },
    ];
  }
  const across = { w: Math.min(x1, x2), e: Math.max(x1, x2) + 1, middle: (x1 + x2 + 1) / 2 };
  const down = { n: Math.min(y1, y2), s: Math.max(y1, y2) + 1, middle: (y1 + y2 + 1) / 2 };
  return BOX_PARTS.map((part) => ({
    part,
    at: [
      part.includes('w') ? across.w : part.includes('e') ? across.e : across.middle,
      part.includes('n') ? down.n : part.includes('s') ? down.s : down.middle,
    ],
  }));
}

/** Numbers of a drawing, and the part that was moved: an edge that goes past the other one becomes it. */
export interface Moved {
  readonly quad: Quad;
  readonly part: Part | null;
}

/**
 * The numbers with one part moved by so many pixels of model space, or all of them where `part` is null. Nothing is
 * clamped; corners of a box that were in order stay so.
 */
export function movePart(quad: Quad, part: Part | null, [dx, dy]: Point): Moved {
  const [x1, y1, x2, y2] = quad;
  if (part === null) return { quad: [x1 + dx, y1 + dy, x2 + dx, y2 + dy], part };
  if (part === 'start') return { quad: [x1 + dx, y1 + dy, x2, y2], part };
  if (part === 'end') return { quad: [x1, y1, x2 + dx, y2 + dy], part };
  const across = moveEdge([x1, x2], part.includes('w') ? 'low' : part.includes('e') ? 'high' : null, dx);
  const down = moveEdge([y1, y2], part.includes('n') ? 'low' : part.includes('s') ? 'high' : null, dy);
  const side = `${sideName(down.edge, 'n', 's')}${sideName(across.edge, 'w', 'e')}`;
  return {
    quad: [across.ends[0], down.ends[0], across.ends[1], down.ends[1]],
    part: BOX_PARTS.find((one) => one === side) ?? part,
  };
}

type Edge = 'low' | 'high' | null;

function moveEdge([a, b]: Point, edge: Edge, by: number): { readonly ends: Point; readonly edge: Edge } {
  if (edge === null) return { ends: [a, b], edge };
  const ordered = a <= b;
  const [low, high] = ordered ? [a, b] : [b, a];
  const moved: Point = edge === 'low' ? [low + by, high] : [low, high + by];
  const passed = moved[0] > moved[1];
  const [first, last] = passed ? [moved[1], moved[0]] : moved;
  const other = edge === 'low' ? 'high' : 'low';
  return { ends: ordered ? [first, last] : [last, first], edge: passed ? other : edge };
}

const sideName = (edge: Edge, low: string, high: string): string =>
  edge === null ? '' : edge === 'low' ? low : high;

/** The part that a key leads to from `part`, `null` (the whole) among them. */
export function nextPart(drawing: Drawing, part: Part | null): Part | null {
  const all = [null, ...partsOfDrawing(drawing)];
  return all.at((all.indexOf(part) + 1) % all.length) ?? null;
}

/** The box or the line from one point of model space to another: both are in its first and last pixels. */
export function quadBetween([x1, y1]: Point, [x2, y2]: Point, kind: 'box' | 'line'): Quad {
  const [left, top, right, bottom] = [x1, y1, x2, y2].map(Math.floor);
  const quad: Quad = [left ?? 0, top ?? 0, right ?? 0, bottom ?? 0];
  if (kind === 'line') return quad;
  const [a, b, c, d] = quad;
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}
