import { isUnpainted } from '../../../src/trace/drawing';
import type { Size } from '../../../src/trace/geometry';
import type { LineageImage } from '../../../src/trace/lineage';
import { boundsOf, outlineOf, type Rect, reachesOut, union } from '../model/geometry';
import type { Part } from '../model/handles';
import { type Shape, shapesOn } from '../model/shapes';
import type { StageOptions } from '../model/state';
import { type TraceDocument, wasSeen } from '../model/trace-document';
import type { ShapeId } from '../model/turn-view';
import type { Viewport } from '../model/viewport';

/** What the stage paints at once. */
export interface Scene {
  readonly size: Size;
  readonly viewport: Viewport;
  /** What is drawn. */
  readonly shapes: readonly Shape[];
  /** What lies on the image, drawn or not. */
  readonly all: readonly Shape[];
  /** The shapes that stand out, which are drawn in any case. */
  readonly lit: readonly ShapeId[];
  readonly labels: boolean;
  /** The shapes that can be moved, and which part of the only one keys move. */
  readonly editing: { readonly shapes: readonly ShapeId[]; readonly part: Part | null };
  /** Shapes as an edit will leave them, in the places of those of their names, if there are any. */
  readonly preview: readonly Shape[];
}

/** More shapes than this are not drawn at once: the list has them all, and the one that is lit is drawn too. */
export const MOST_SHAPES = 5_000;

/** What lies on an image, and what of it is drawn on the stage. */
export interface StageShapes {
  /** All, ghosts too. */
  readonly all: readonly Shape[];
  readonly drawn: readonly Shape[];
  /** How many are too many to draw. */
  readonly leftOut: number;
  /** How many lie so far out that they cannot be drawn. */
  readonly farOut: number;
  /** How many reach out of the image. */
  readonly reachingOut: number;
  /** The image and all shapes that can be drawn, in model space. */
  readonly bounds: Rect;
}

/** Whether the stage shows the pixels that the model saw: it was asked to, and the model saw this image. */
export function showsSeen(document: TraceDocument, image: LineageImage, { pixels }: StageOptions): boolean {
  return pixels === 'seen' && wasSeen(document, image);
}

/**
 * What the stage shows of an image, `size` in model space. Where it shows what the model saw, the pixels have the shapes,
 * and ghosts alone are outlined.
 */
export function stageShapes(
  document: TraceDocument,
  image: LineageImage,
  size: Size,
  options: StageOptions,
): StageShapes {
  const all = shapesOn(document, image);
  const seen = showsSeen(document, image, options);
  const wanted = all.filter((shape) => !isUnpainted(shape.drawing) && (shape.ghost ? options.ghosts : !seen));
  const drawn: Shape[] = [];
  let bounds: Rect = { left: 0, top: 0, right: size.width, bottom: size.height };
  let [leftOut, farOut, reachingOut] = [0, 0, 0];
  for (const shape of wanted) {
    const outline = outlineOf(shape.drawing);
    if (outline === null) {
      farOut++;
      continue;
    }
    bounds = union(bounds, boundsOf(outline));
    if (reachesOut(outline, size)) reachingOut++;
    if (drawn.length < MOST_SHAPES) drawn.push(shape);
    else leftOut++;
  }
  return { all, drawn, leftOut, farOut, reachingOut, bounds };
}
