import type { Drawing } from '../../../src/trace/drawing';
import type { Change } from '../../../src/trace/edit/change';
import { changeDrawings, withValues } from '../../../src/trace/edit/drawing-changes';
import type { DrawingValues, Quad } from '../../../src/trace/edit/drawing-values';
import type { Point } from '../../../src/trace/geometry';
import type { Trace } from '../../../src/trace/trace';
import { movePart, type Part, quadOf } from './handles';
import type { AppState, Preview } from './state';
import { drawingOf } from './trace-document';
import { partsOf, type ShapeId } from './turn-view';

/** The drawing with other numbers. */
export const withQuad = (drawing: Drawing, coordinates: Quad): Drawing =>
  withValues(drawing, { coordinates });

/** Gives shapes of one turn other values. */
export function changeShapes(trace: Trace, values: ReadonlyMap<ShapeId, DrawingValues>): Change[] {
  const [first] = values.keys();
  if (first === undefined) return [];
  const places = [...values].map(([shape, one]) => [partsOf(shape).drawing, one] as const);
  return changeDrawings(trace, partsOf(first).turn, new Map(places));
}

/** Gives shapes of one turn the numbers of their preview. */
export function moveShapes(trace: Trace, preview: Preview): Change[] {
  const values = [...preview].flatMap(([shape, drawing]) => {
    const coordinates = quadOf(drawing);
    return coordinates === null ? [] : [[shape, { coordinates }] as const];
  });
  return changeShapes(trace, new Map(values));
}

/** Shapes with one part of each moved, or all of them where `part` is null; those without four numbers are left out. */
export function movedShapes(
  drawings: ReadonlyMap<ShapeId, Drawing>,
  part: Part | null,
  by: Point,
): { readonly preview: Preview; readonly part: Part | null } {
  const preview = new Map<ShapeId, Drawing>();
  let now = part;
  for (const [shape, drawing] of drawings) {
    const quad = quadOf(drawing);
    if (quad === null) continue;
    const moved = movePart(quad, part, by);
    now = moved.part;
    preview.set(shape, withQuad(drawing, moved.quad));
  }
  return { preview, part: now };
}

/** The held shapes as they are shown now. */
export function heldDrawings({
  document,
  held,
  preview,
}: Pick<AppState, 'document' | 'held' | 'preview'>): ReadonlyMap<ShapeId, Drawing> {
  const drawings = new Map<ShapeId, Drawing>();
  for (const shape of held) {
    const drawing = preview?.get(shape) ?? (document && drawingOf(document, shape));
    if (drawing) drawings.set(shape, drawing);
  }
  return drawings;
}
