import { boundsOf, outlineOf, type Rect } from './geometry';
import type { Shape } from './shapes';
import { partsOf, type ShapeId } from './turn-view';

/*
 * Shapes that are held together are those of one turn: each edit of several is one change of one turn's text. The first was
 * chosen first, and ranges start from it; the last is the one that keys lead on from.
 */

/** The turn of the shapes that are held; null where none is. */
export function turnOfHeld([first]: readonly ShapeId[]): number | null {
  return first === undefined ? null : partsOf(first).turn;
}

/** Those that are held with `shape` among them, or without it if it was; it alone where the others are of another turn. */
export function toggleShape(held: readonly ShapeId[], shape: ShapeId): readonly ShapeId[] {
  if (held.includes(shape)) return held.filter((one) => one !== shape);
  return startsAnew(held, shape) ? [shape] : [...held, shape];
}

/** Whether a shape cannot be held along with those that are. */
export function startsAnew(held: readonly ShapeId[], shape: ShapeId): boolean {
  const turn = turnOfHeld(held);
  return turn !== null && turn !== partsOf(shape).turn;
}

/**
 * All from the first that is held to `to`, in the order of the list; those between that are of other turns are left out.
 * `to` alone where it is of another turn, or none is held.
 */
export function rangeTo(shapes: readonly Shape[], held: readonly ShapeId[], to: ShapeId): readonly ShapeId[] {
  const from = shapes.findIndex(({ id }) => id === held[0]);
  const end = shapes.findIndex(({ id }) => id === to);
  if (from < 0 || startsAnew(held, to)) return [to];
  const between = shapes.slice(Math.min(from, end), Math.max(from, end) + 1);
  const range = ofTurn(between, partsOf(to).turn);
  return from <= end ? range : range.reverse();
}

/** Those that a turn drew. */
export function ofTurn(shapes: readonly Shape[], turn: number | null): ShapeId[] {
  return shapes.flatMap((shape) => (shape.turn === turn ? [shape.id] : []));
}

/** The shapes that lie within a rectangle of model space altogether. */
export function shapesWithin(shapes: readonly Shape[], band: Rect): readonly Shape[] {
  return shapes.filter(({ drawing }) => {
    const outline = outlineOf(drawing);
    if (outline === null) return false;
    const { left, top, right, bottom } = boundsOf(outline);
    return left >= band.left && top >= band.top && right <= band.right && bottom <= band.bottom;
  });
}

/**
 * What is held when a band was drawn around `found`: those of the turn of what is held, besides it; else those of the
 * chosen turn, or where it has none there, of the turn of the last of them, which lies on top.
 */
export function addFound(
  held: readonly ShapeId[],
  found: readonly Shape[],
  chosen: number | null,
): readonly ShapeId[] {
  const turn = turnOfHeld(held);
  const own = found.some((shape) => shape.turn === chosen) ? chosen : (found.at(-1)?.turn ?? null);
  const more = ofTurn(found, turn ?? own).filter((id) => !held.includes(id));
  return [...held, ...more];
}
