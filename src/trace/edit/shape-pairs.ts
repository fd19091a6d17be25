import { type Drawing, isLine } from '../drawing';
import type { Trace } from '../trace';
import { Queues } from './queues';

/** A shape that was there before some changes, and what became of it. */
export interface ShapePair {
  /** Its turn and its place in that, before the changes. */
  readonly turn: number;
  readonly place: number;
  readonly before: Drawing;
  /** The same shape after them, in the turn that its own became; null if it is gone. */
  readonly after: { readonly turn: number; readonly place: number; readonly drawing: Drawing } | null;
}

/**
 * Every shape of `before` with what it is in `after`: in the same turn, first those that are equal, then those that are but
 * for the image, of the same label, at the same place; and then those that went to another turn as they were.
 */
export function pairShapes(before: Trace, after: Trace, origins: readonly (number | null)[]): ShapePair[] {
  const places = new Map(origins.flatMap((origin, turn) => (origin === null ? [] : [[origin, turn]])));
  const pairs: ShapePair[] = [];
  const left: Shape[] = [];
  const taken = new Set<Shape>();
  const news = after.turns.map(shapesOf);
  before.turns.forEach((turn, number) => {
    const now = news[places.get(number) ?? -1] ?? [];
    left.push(...match(shapesOf(turn, number), now, [all, allButIndex, named, placed], pairs, taken));
  });
  const rest = news.flat().filter((shape) => !taken.has(shape));
  for (const { turn, place, drawing } of match(left, rest, [allButIndex], pairs, taken)) {
    pairs.push({ turn, place, before: drawing, after: null });
  }
  return pairs;
}

interface Shape {
  readonly turn: number;
  readonly place: number;
  readonly drawing: Drawing;
}

const shapesOf = ({ drawings }: { readonly drawings: readonly Drawing[] }, turn: number): Shape[] =>
  drawings.map((drawing, place) => ({ turn, place, drawing }));

/** The two points of a drawing, or all numbers of a box that is not painted. */
export function numbersOf(drawing: Drawing): readonly number[] {
  if (!isLine(drawing)) return drawing.bbox_2d;
  const { start_point_2d: start, end_point_2d: end } = drawing;
  return [start[0], start[1], end[0], end[1]];
}

const named = ({ drawing }: Shape): string => JSON.stringify([isLine(drawing), drawing.label]);
const placed = ({ drawing }: Shape): string => JSON.stringify([isLine(drawing), numbersOf(drawing)]);
const allButIndex = (shape: Shape): string => `${named(shape)} ${placed(shape)}`;
const all = (shape: Shape): string => `${shape.drawing.index} ${allButIndex(shape)}`;

/** Puts into `pairs` what belongs together, way by way; what is left over is given back. */
function match(
  olds: readonly Shape[],
  news: readonly Shape[],
  ways: readonly ((shape: Shape) => string)[],
  pairs: ShapePair[],
  taken: Set<Shape>,
): readonly Shape[] {
  let left = olds;
  for (const way of ways) {
    const waiting = new Queues(
      news.filter((shape) => !taken.has(shape)),
      way,
    );
    left = left.filter((old) => {
      const now = waiting.take(way(old));
      if (now === undefined) return true;
      taken.add(now);
      pairs.push({ turn: old.turn, place: old.place, before: old.drawing, after: now });
      return false;
    });
  }
  return left;
}
