import type { Point } from '../../../src/trace/geometry';
import { type Handle, handlesOf, type Part } from '../model/handles';
import type { Viewport } from '../model/viewport';
import type { ShapeObject } from './shape-object';

/** Sizes on the screen, in CSS pixels. */
const SIDE = 9;
const REACH = 9;
/** An edge that is shorter has no handle of its own, which would lie on those of its corners. */
const SHORTEST = 30;

/** A handle where it is on the stage, in CSS pixels. */
interface Placed extends Handle {
  readonly on: Point;
}

/**
 * The handle of a shape nearest to a point of the stage, and near enough to be meant. Inside of a small box the middle
 * stays free, to move it.
 */
export function nearestPart(object: ShapeObject, [x, y]: Point, viewport: Viewport): Part | null {
  const { left, top, right, bottom } = object.bounds;
  const shorter = Math.min(right - left, bottom - top) * viewport.scale;
  const [modelX, modelY] = [(x - viewport.x) / viewport.scale, (y - viewport.y) / viewport.scale];
  const inside = modelX >= left && modelX < right && modelY >= top && modelY < bottom;
  const reach = object.outline.kind === 'box' && inside ? Math.min(REACH, Math.max(shorter / 4, 3)) : REACH;
  let nearest: { readonly part: Part; readonly distance: number } | null = null;
  for (const { part, on } of placed(object, viewport)) {
    const distance = Math.max(Math.abs(on[0] - x), Math.abs(on[1] - y));
    if (distance <= reach && distance < (nearest?.distance ?? Number.POSITIVE_INFINITY)) {
      nearest = { part, distance };
    }
  }
  return nearest?.part ?? null;
}

/**
 * Paints the handles over a shape, in CSS pixels: white squares with a black edge, which stand out on any picture; the
 * one that keys move is black with a white edge. At the ends of a line they are frames, which leave its dots in sight.
 */
export function paintHandles(
  context: CanvasRenderingContext2D,
  object: ShapeObject,
  viewport: Viewport,
  active: Part | null,
): void {
  const hollow = object.outline.kind === 'line';
  context.globalAlpha = 1;
  context.setLineDash([]);
  for (const { part, on } of placed(object, viewport, active)) {
    const chosen = part === active;
    const side = hollow ? SIDE + 8 : SIDE;
    const [x, y] = on.map((value) => Math.round(value - side / 2) + 0.5);
    context.beginPath();
    context.rect(x ?? 0, y ?? 0, side, side);
    if (!hollow || chosen) {
      context.fillStyle = chosen ? 'black' : 'white';
      context.fill();
    }
    context.lineWidth = 4;
    context.strokeStyle = chosen ? 'black' : 'white';
    context.stroke();
    context.lineWidth = chosen ? 2 : 1.5;
    context.strokeStyle = chosen ? 'white' : 'black';
    context.stroke();
  }
}

/** The handles that there is room for, and the one that keys move in any case. */
function placed(
  { shape, bounds }: ShapeObject,
  { scale, x, y }: Viewport,
  active: Part | null = null,
): Placed[] {
  const wide = (bounds.right - bounds.left) * scale >= SHORTEST;
  const high = (bounds.bottom - bounds.top) * scale >= SHORTEST;
  const fits = (part: Part) =>
    part === 'n' || part === 's' ? wide : part === 'w' || part === 'e' ? high : true;
  return handlesOf(shape.drawing)
    .filter(({ part }) => part === active || fits(part))
    .map((handle) => ({ ...handle, on: [handle.at[0] * scale + x, handle.at[1] * scale + y] }));
}
