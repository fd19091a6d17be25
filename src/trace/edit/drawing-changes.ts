import { type Drawing, isLine } from '../drawing';
import { formatDrawing } from '../format-turn';
import { type ParsedTurn, parseTurn } from '../parse-turn';
import type { LocatedDrawing } from '../read-drawings';
import type { Trace } from '../trace';
import { roomForDrawings } from './add-text';
import type { Change } from './change';
import { checkedEdits } from './checked-edits';
import { type DrawingValues, formatIndex, formatNumber, valueEdits } from './drawing-values';
import { EditRefused } from './edit-refused';
import { removalEdits } from './remove-text';
import { applyEdits, textChanges, textOf } from './text-edit';

/**
 * Gives drawings of turn number `turn` other values. `wanted` is by the place of a drawing among those of its turn. The
 * author's form stays: quotes, brackets, white space and the numbers that do not change. Throws `EditRefused`.
 */
export function changeDrawings(
  trace: Trace,
  turn: number,
  wanted: ReadonlyMap<number, DrawingValues>,
): Change[] {
  const raw = textOf(trace, turn);
  const parsed = parseTurn(raw);
  const edits = [...wanted].flatMap(([i, values]) => valueEdits(raw, drawingAt(parsed, turn, i), values));
  const drawings = parsed.drawings.map((drawing, i) => withValues(drawing, wanted.get(i) ?? {}));
  return textChanges(turn, raw, checkedEdits(turn, raw, parsed, edits, drawings));
}

/** Adds drawings to turn number `turn`, after those of its last block, else in a block of their own. */
export function addDrawings(trace: Trace, turn: number, drawings: readonly Drawing[]): Change[] {
  for (const drawing of drawings) {
    formatIndex(drawing.index);
    const points = isLine(drawing) ? [...drawing.start_point_2d, ...drawing.end_point_2d] : drawing.bbox_2d;
    points.forEach(formatNumber);
  }
  return addObjects(trace, turn, drawings, (quote) => drawings.map((one) => formatDrawing(one, quote)));
}

/** Takes drawings, named by their places in turn number `turn`, out of it. */
export function removeDrawings(trace: Trace, turn: number, places: readonly number[]): Change[] {
  const raw = textOf(trace, turn);
  const parsed = parseTurn(raw);
  const removed = new Set(places);
  for (const i of removed) drawingAt(parsed, turn, i);
  const left = parsed.drawings.filter((_, i) => !removed.has(i));
  return textChanges(turn, raw, checkedEdits(turn, raw, parsed, removalEdits(raw, parsed, removed), left));
}

/**
 * Adds the drawings at `places` of turn number `from` to turn number `to` as their author wrote them, with all their keys;
 * with `index`, on that image.
 */
export function copyDrawings(
  trace: Trace,
  from: number,
  places: readonly number[],
  to: number,
  index?: number,
): Change[] {
  const raw = textOf(trace, from);
  const parsed = parseTurn(raw);
  const values: DrawingValues = index === undefined ? {} : { index };
  const located = places.map((i) => drawingAt(parsed, from, i));
  const objects = located.map((one) => objectText(raw, one, values));
  return addObjects(
    trace,
    to,
    located.map(({ drawing }) => withValues(drawing, values)),
    () => objects,
  );
}

/** A drawing's object as it stands in its turn, but for `values`. */
export function objectText(raw: string, located: LocatedDrawing, values: DrawingValues): string {
  const { start, end } = located.span;
  const edits = valueEdits(raw, located, values).map((edit) => ({
    ...edit,
    start: edit.start - start,
    end: edit.end - start,
  }));
  return applyEdits(raw.slice(start, end), edits);
}

function addObjects(
  trace: Trace,
  turn: number,
  drawings: readonly Drawing[],
  objects: (quote: '"' | "'") => readonly string[],
): Change[] {
  const raw = textOf(trace, turn);
  const [first] = drawings;
  if (first === undefined) return [];
  const parsed = parseTurn(raw);
  const room = roomForDrawings(raw, parsed, isLine(first) ? 'Path Tracer' : 'Object Mapper');
  const edits = [room.put(objects(room.quote))];
  const wanted = parsed.drawings.toSpliced(room.before, 0, ...drawings);
  return textChanges(turn, raw, checkedEdits(turn, raw, parsed, edits, wanted));
}

/** Throws `EditRefused` where turn number `turn` has no such drawing. */
export function drawingAt(parsed: ParsedTurn, turn: number, i: number): LocatedDrawing {
  const located = parsed.located[i];
  if (located === undefined) throw new EditRefused(`Turn ${turn + 1} has no drawing ${i + 1}.`);
  return located;
}

/** The drawing with other values; coordinates make a box that was not painted one that is. */
export function withValues(drawing: Drawing, values: DrawingValues): Drawing {
  const { coordinates, ...rest } = values;
  if (coordinates === undefined) return { ...drawing, ...rest };
  const [x1, y1, x2, y2] = coordinates;
  const { index, label } = { ...drawing, ...rest };
  return isLine(drawing)
    ? { index, start_point_2d: [x1, y1], end_point_2d: [x2, y2], label }
    : { index, bbox_2d: [x1, y1, x2, y2], label };
}
