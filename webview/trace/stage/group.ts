import { type Rect, union } from '../model/geometry';
import type { Viewport } from '../model/viewport';
import type { ShapeObject } from './shape-object';

/** Between a frame and what is in it, in CSS pixels. */
const ROOM = 4;
const DASH = 5;

/**
 * Paints a frame around each of several shapes that are held, and a dashed one around them all, in CSS pixels. Frames are
 * white with a black edge, as handles are, and stand out on any picture.
 */
export function paintGroup(
  context: CanvasRenderingContext2D,
  objects: readonly ShapeObject[],
  viewport: Viewport,
): void {
  const [first] = objects;
  if (first === undefined) return;
  for (const { bounds } of objects) paintFrame(context, onStage(bounds, viewport, ROOM / 2), []);
  const whole = objects.reduce((all, { bounds }) => union(all, bounds), first.bounds);
  paintFrame(context, onStage(whole, viewport, 2 * ROOM), [DASH, DASH]);
}

/** Paints the band that is drawn around shapes. */
export function paintBand(context: CanvasRenderingContext2D, band: Rect, viewport: Viewport): void {
  const place = onStage(band, viewport, 0);
  context.globalAlpha = 0.2;
  context.fillStyle = 'white';
  context.fillRect(...place);
  paintFrame(context, place, [DASH, DASH]);
}

type Place = readonly [x: number, y: number, width: number, height: number];

function onStage({ left, top, right, bottom }: Rect, { scale, x, y }: Viewport, room: number): Place {
  const at = (value: number, offset: number, more: number) => Math.round(value * scale + offset + more) + 0.5;
  const [x1, y1] = [at(left, x, -room), at(top, y, -room)];
  return [x1, y1, at(right, x, room) - x1, at(bottom, y, room) - y1];
}

function paintFrame(context: CanvasRenderingContext2D, place: Place, dash: readonly number[]): void {
  context.globalAlpha = 1;
  context.setLineDash([]);
  context.lineWidth = 3;
  context.strokeStyle = 'black';
  context.strokeRect(...place);
  context.lineWidth = 1;
  context.strokeStyle = 'white';
  context.setLineDash([...dash]);
  context.strokeRect(...place);
  context.setLineDash([]);
}
