import type { Drawing } from '../../../src/trace/drawing';
import type { Quad } from '../../../src/trace/edit/drawing-values';
import type { Rect } from './geometry';
import type { AppState, Tool } from './state';
import { type ShapeId, shapeId } from './turn-view';

/** Where a new shape goes: the turn that draws it (null: a new first turn) and the image it is drawn on. */
export interface NewPlace {
  readonly turn: number | null;
  readonly index: number;
  /** The name that it will have. */
  readonly id: ShapeId;
}

/**
 * Where a shape goes that is drawn on the stage now: in the chosen turn, on the image below the picture that the turn
 * made, or on the picture itself where another turn made it. Null while nothing is shown.
 */
export function newPlace({ document, choice }: Pick<AppState, 'document' | 'choice'>): NewPlace | null {
  const image = document?.images[choice.image - 1];
  if (!document || !image) return null;
  const turn = choice.turn === null ? null : document.turns[choice.turn];
  if (!turn) return { turn: null, index: image.number, id: shapeId(0, 0) };
  const index = image.turn === turn.number && image.base !== null ? image.base : image.number;
  return { turn: turn.number, index, id: shapeId(turn.number, turn.parsed.drawings.length) };
}

/** A label that no shape on the chosen image and none of the chosen turn has: `new box 2`. */
export function newLabel({ document, choice }: Pick<AppState, 'document' | 'choice'>, tool: Tool): string {
  const image = document?.images[choice.image - 1];
  const turn = choice.turn === null ? undefined : document?.turns[choice.turn];
  const near = [
    ...(image?.canvas.boxes ?? []),
    ...(image?.canvas.lines ?? []),
    ...(turn?.parsed.drawings ?? []),
  ];
  const taken = new Set(near.map(({ label }) => label));
  let number = 1;
  while (taken.has(`new ${tool} ${number}`)) number++;
  return `new ${tool} ${number}`;
}

export function newDrawing(tool: Tool, index: number, [x1, y1, x2, y2]: Quad, label: string): Drawing {
  return tool === 'box'
    ? { index, bbox_2d: [x1, y1, x2, y2], label }
    : { index, start_point_2d: [x1, y1], end_point_2d: [x2, y2], label };
}

/** A shape for the keyboard to begin with: a third of the image, in its middle. */
export function middleOf({ left, top, right, bottom }: Rect): Quad {
  const [width, height] = [right - left, bottom - top];
  const at = (start: number, length: number, share: number) => Math.floor(start + length * share);
  return [at(left, width, 1 / 3), at(top, height, 1 / 3), at(left, width, 2 / 3), at(top, height, 2 / 3)];
}
