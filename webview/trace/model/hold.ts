import type { AppState } from './state';
import { drawingOf, type TraceDocument } from './trace-document';
import { partsOf, type ShapeId } from './turn-view';

/**
 * The state with shapes of one turn held: they stay lit, and if the chosen image lacks the last of them, an image that has
 * it is chosen, the first that its turn made. None lets go.
 */
export function holdShapes(state: AppState, shapes: readonly ShapeId[]): AppState {
  const { document, choice } = state;
  if (document === null) return { ...state, held: shapes };
  const there = shapes.filter((shape) => drawingOf(document, shape));
  if (there.length === 0 && shapes.length > 0) return state;
  const held = isSame(there, state.held) ? state.held : there;
  const last = held.at(-1);
  if (last === undefined) return held === state.held ? state : { ...state, held };
  const { turn } = partsOf(last);
  const drawn = drawingOf(document, last);
  const here = document.images[choice.image - 1];
  const has = (image: typeof here) =>
    image !== undefined &&
    [...image.canvas.boxes, ...image.canvas.lines, ...image.ghosts].some((other) => other === drawn);
  if (has(here)) return { ...state, held };
  const made = document.turns[turn]?.images.find(has);
  return made
    ? { ...state, held, choice: { turn, image: made.number }, following: false }
    : { ...state, held };
}

/** What is held after an edit, which may have shifted the names of shapes: then, or where a shape is gone, nothing is. */
export function keepHeld({ held, document: before }: AppState, after: TraceDocument): readonly ShapeId[] {
  const [first] = held;
  if (first === undefined || before === null || before.turns.length !== after.turns.length) return [];
  const { turn } = partsOf(first);
  const count = (document: TraceDocument) => document.turns[turn]?.parsed.drawings.length;
  return count(before) === count(after) ? held : [];
}

const isSame = (some: readonly ShapeId[], others: readonly ShapeId[]): boolean =>
  some.length === others.length && some.every((shape, i) => shape === others[i]);
