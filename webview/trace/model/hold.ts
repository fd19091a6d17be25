import type { AppState } from './state';
import type { TraceDocument } from './trace-document';
import { partsOf, type ShapeId } from './turn-view';

/**
 * The state with a shape held: it stays lit, and if the chosen image lacks it, an image that has it is chosen, the first
 * that its turn made. Null lets go.
 */
export function holdShape(state: AppState, shape: ShapeId | null): AppState {
  const { document, choice } = state;
  if (shape === null || document === null) return state.held === shape ? state : { ...state, held: shape };
  const { turn, drawing } = partsOf(shape);
  const drawn = document.turns[turn]?.parsed.drawings[drawing];
  if (!drawn) return state;
  const here = document.images[choice.image - 1];
  const has = (image: typeof here) =>
    image !== undefined &&
    [...image.canvas.boxes, ...image.canvas.lines, ...image.ghosts].some((other) => other === drawn);
  if (has(here)) return { ...state, held: shape };
  const made = document.turns[turn]?.images.find(has);
  return made
    ? { ...state, held: shape, choice: { turn, image: made.number }, following: false }
    : { ...state, held: shape };
}

/** The held shape after an edit, which may have shifted the names of shapes: then, or where it is gone, nothing is held. */
export function keepHeld({ held, document: before }: AppState, after: TraceDocument): ShapeId | null {
  if (held === null || before === null || before.turns.length !== after.turns.length) return null;
  const { turn } = partsOf(held);
  const count = (document: TraceDocument) => document.turns[turn]?.parsed.drawings.length;
  return count(before) === count(after) ? held : null;
}
