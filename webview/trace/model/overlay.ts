import type { LineageImage } from '../../../src/trace/lineage';
import type { Choice } from './choice';
import { outlineOf } from './geometry';
import { type Shape, shapesOn } from './shapes';
import type { TraceDocument } from './trace-document';

/** So many shapes of another trace are laid over the picture at most. */
export const MOST_OVERLAID = 300;

/** What another trace has drawn on the picture on the stage; null where it is about another picture. */
export type Overlay = {
  readonly shapes: readonly Shape[];
  /** How many are too many, or too far out, to be drawn. */
  readonly leftOut: number;
} | null;

/**
 * What `other` has drawn on the picture that the stage shows by the turn that is chosen: on the same input, in the same
 * coordinates. Where the input is shown though the trace has drawn on it by then, it is shown as it was at the beginning.
 */
export function overlayOf(
  shown: TraceDocument,
  image: LineageImage,
  { turn }: Choice,
  other: TraceDocument,
): Overlay {
  const { root } = image;
  if (!isSamePicture(shown, other, root)) return null;
  const by = turn ?? -1;
  const wasDrawnOn = shown.images.some((one) => one.root === root && one.turn !== null && one.turn <= by);
  const until = image.turn === null && wasDrawnOn ? -1 : by;
  const last = other.images.findLast((one) => one.root === root && (one.turn ?? -1) <= until);
  if (last === undefined) return null;
  const all = shapesOn(other, last).filter(({ ghost }) => !ghost);
  const shapes = all.filter(({ drawing }) => outlineOf(drawing) !== null).slice(0, MOST_OVERLAID);
  return { shapes, leftOut: all.length - shapes.length };
}

/** Whether both have the same input of that number, of the same size: else coordinates mean other places. */
function isSamePicture(one: TraceDocument, other: TraceDocument, number: number): boolean {
  const [a, b] = [one.trace.images[number - 1], other.trace.images[number - 1]];
  if (a === undefined || b === undefined || a.path !== b.path) return false;
  return a.model === null || b.model === null || JSON.stringify(a.model) === JSON.stringify(b.model);
}
