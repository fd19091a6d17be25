import type { Point } from '../../../src/trace/geometry';
import { boundsOf, type Outline } from './geometry';

/** Something on the stage that can be pointed at. */
export interface Target<T> {
  readonly item: T;
  readonly outline: Outline;
}

/**
 * What a pointer at `point` means, in model space: the outline nearest to it within `reach`, or else the smallest box
 * around it. Of equals the one on top, which is the last. So a small box under a large one can be pointed at too.
 */
export function pick<T>(targets: readonly Target<T>[], point: Point, reach: number): T | null {
  let onEdge: { readonly item: T; readonly distance: number; readonly area: number } | null = null;
  let around: { readonly item: T; readonly area: number } | null = null;
  for (const { item, outline } of targets) {
    const distance = distanceTo(outline, point);
    if (distance > reach && !(outline.kind === 'box' && contains(outline, point))) continue;
    const { left, top, right, bottom } = boundsOf(outline);
    const area = (right - left) * (bottom - top);
    if (distance <= reach) {
      const nearer = onEdge === null || distance < onEdge.distance - 0.5;
      const smaller = onEdge !== null && distance <= onEdge.distance + 0.5 && area <= onEdge.area;
      if (nearer || smaller) onEdge = { item, distance, area };
    } else if (around === null || area <= around.area) around = { item, area };
  }
  return onEdge?.item ?? around?.item ?? null;
}

/** How far a point is from a box's edge or from a line, in pixels. */
export function distanceTo(outline: Outline, [x, y]: Point): number {
  if (outline.kind === 'line') return distanceToLine(outline.from, outline.to, [x, y]);
  const { left, top, right, bottom } = outline;
  const outX = Math.max(left - x, 0, x - right);
  const outY = Math.max(top - y, 0, y - bottom);
  if (outX > 0 || outY > 0) return Math.hypot(outX, outY);
  return Math.min(x - left, right - x, y - top, bottom - y);
}

function distanceToLine([x1, y1]: Point, [x2, y2]: Point, [x, y]: Point): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const squared = dx * dx + dy * dy;
  const share = squared === 0 ? 0 : Math.min(Math.max(((x - x1) * dx + (y - y1) * dy) / squared, 0), 1);
  return Math.hypot(x - x1 - share * dx, y - y1 - share * dy);
}

function contains({ left, top, right, bottom }: Outline & { readonly kind: 'box' }, [x, y]: Point): boolean {
  return x >= left && x <= right && y >= top && y <= bottom;
}
