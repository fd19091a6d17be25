import type { Drawing } from '../../../src/trace/drawing';
import type { Change } from '../../../src/trace/edit/change';
import { changeDrawings, withValues } from '../../../src/trace/edit/drawing-changes';
import type { DrawingValues, Quad } from '../../../src/trace/edit/drawing-values';
import type { Trace } from '../../../src/trace/trace';
import { quadOf } from './handles';
import type { Preview } from './state';
import { partsOf, type ShapeId } from './turn-view';

/** The drawing with other numbers. */
export const withQuad = (drawing: Drawing, coordinates: Quad): Drawing =>
  withValues(drawing, { coordinates });

/** Gives a shape other values. */
export function changeShape(trace: Trace, shape: ShapeId, values: DrawingValues): Change[] {
  const { turn, drawing } = partsOf(shape);
  return changeDrawings(trace, turn, new Map([[drawing, values]]));
}

/** Gives a shape the numbers of its preview. */
export function moveShape(trace: Trace, { shape, drawing }: Preview): Change[] {
  const coordinates = quadOf(drawing);
  return coordinates === null ? [] : changeShape(trace, shape, { coordinates });
}
