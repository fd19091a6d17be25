import type { Point, Size } from '../../../src/trace/geometry';
import type { Rect } from './geometry';

/** How the stage shows model space: a point is at `point * scale + (x, y)`, in CSS pixels from the stage's top left. */
export interface Viewport {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** CSS pixels for one pixel of model space, at the least and at the most. */
export const SCALES = { least: 1 / 64, most: 64 };

/** One press of a key or a button zooms by this. */
export const ZOOM_STEP = 1.25;

/** Room left around what is fitted, in CSS pixels. */
const MARGIN = 24;

/** So much of the picture stays in sight however far it is moved, in CSS pixels. */
const IN_SIGHT = 48;

/** All of `area` in the middle of the stage, as large as fits, but no pixel larger than 16. */
export function fitted(area: Rect, stage: Size): Viewport {
  const width = Math.max(area.right - area.left, 1);
  const height = Math.max(area.bottom - area.top, 1);
  const room = (side: number) => Math.max(side - 2 * MARGIN, 1);
  const scale = clamp(Math.min(room(stage.width) / width, room(stage.height) / height, 16));
  return centred(scale, [(area.left + area.right) / 2, (area.top + area.bottom) / 2], stage);
}

/** A point of model space in the middle of the stage. */
export function centred(scale: number, [x, y]: Point, stage: Size): Viewport {
  return { scale, x: stage.width / 2 - x * scale, y: stage.height / 2 - y * scale };
}

/** The point of model space in the middle of the stage. */
export function centreOf(viewport: Viewport, stage: Size): Point {
  return toModel(viewport, [stage.width / 2, stage.height / 2]);
}

/** A point of the stage in model space. */
export function toModel({ scale, x, y }: Viewport, [stageX, stageY]: Point): Point {
  return [(stageX - x) / scale, (stageY - y) / scale];
}

/** Zooms to `scale` so that what is at `at` (on the stage) stays there. */
export function zoomScale(viewport: Viewport, scale: number, at: Point): Viewport {
  const next = clamp(scale);
  const [x, y] = toModel(viewport, at);
  return { scale: next, x: at[0] - x * next, y: at[1] - y * next };
}

/** Moves what is shown by so many CSS pixels; some of `area` (in model space) stays in sight. */
export function pan(viewport: Viewport, [dx, dy]: Point, area: Rect, stage: Size): Viewport {
  return keepInSight({ ...viewport, x: viewport.x + dx, y: viewport.y + dy }, area, stage);
}

/** The nearest viewport that has some of `area` in sight. */
export function keepInSight({ scale, x, y }: Viewport, area: Rect, stage: Size): Viewport {
  const between = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
  return {
    scale,
    x: between(x, IN_SIGHT - area.right * scale, stage.width - IN_SIGHT - area.left * scale),
    y: between(y, IN_SIGHT - area.bottom * scale, stage.height - IN_SIGHT - area.top * scale),
  };
}

/** A point of model space on the image file: both images are cut into the same shares. */
export function toFileSpace([x, y]: Point, model: Size, file: Size): Point {
  return [(x * file.width) / model.width, (y * file.height) / model.height];
}

/** How far a turn of the wheel zooms: `delta` in CSS pixels, at most one step and a half at once. */
export function wheelFactor(delta: number): number {
  return ZOOM_STEP ** Math.min(Math.max(-delta / 60, -1.5), 1.5);
}

const clamp = (scale: number): number => Math.min(Math.max(scale, SCALES.least), SCALES.most);
