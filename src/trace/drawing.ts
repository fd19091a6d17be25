import type { Point } from './geometry';

/** A box on image `index` (1-based), `[x1, y1, x2, y2]` in model space. Keys are those the model writes. */
export interface Box {
  readonly index: number;
  readonly bbox_2d: readonly [x1: number, y1: number, x2: number, y2: number];
  readonly label: string;
}

/** A line on image `index` (1-based) from start to end, in model space. */
export interface Line {
  readonly index: number;
  readonly start_point_2d: Point;
  readonly end_point_2d: Point;
  readonly label: string;
}

/**
 * A box whose `bbox_2d` is not four numbers. Upstream keeps it in the image's list, where it takes a colour and
 * replaces a box of the same label, but paints nothing (`plot_bounding_boxes` skips it).
 */
export interface UnpaintedBox {
  readonly index: number;
  readonly bbox_2d: readonly number[];
  readonly label: string;
  readonly unpainted: true;
}

export type Drawing = Box | UnpaintedBox | Line;

export function isLine(drawing: Drawing): drawing is Line {
  return 'start_point_2d' in drawing;
}

export function isBox(drawing: Drawing): drawing is Box | UnpaintedBox {
  return !isLine(drawing);
}

export function isUnpainted(drawing: Drawing): drawing is UnpaintedBox {
  return 'unpainted' in drawing;
}

/** What lies on one image: its boxes and its lines, each in the order that gives them their colours. */
export interface Canvas {
  readonly boxes: readonly (Box | UnpaintedBox)[];
  readonly lines: readonly Line[];
}
