import * as v from 'valibot';
import { withDerived } from '../derive';
import {
  type DerivedTurn,
  type InputImage,
  QUESTION_TYPES,
  type SpokenTurn,
  TRACE_KINDS,
  type Trace,
  TURN_FINISHES,
} from '../trace';
import { inputImageSchema } from '../trace-schema';

const place = v.pipe(v.number(), v.integer(), v.minValue(0));

const heardTurn = v.object({
  text: v.string(),
  finish: v.picklist(TURN_FINISHES),
  tokens: v.nullable(v.number()),
  seconds: v.nullable(v.number()),
});

/**
 * A turn as it stands in a trace. Like the images below it is checked and not copied: fields that the format does not
 * name, and the order of all, are part of a trace's bytes.
 */
const turnSchema = v.custom<SpokenTurn>((input) => v.is(heardTurn, input), 'Expected a turn');

const isImages = v.pipe(v.array(inputImageSchema), v.minLength(1));
const imagesSchema = v.custom<readonly InputImage[]>(
  (input) => v.is(isImages, input),
  'Expected input images',
);

const field = <const Name extends string, T>(name: Name, value: v.GenericSchema<unknown, T>) =>
  v.object({ type: v.literal('field'), field: v.literal(name), before: value, after: value });

/** The smallest changes that a trace can undergo; see `Change`. */
export const changeSchema = v.union([
  v.object({ type: v.literal('text'), turn: place, start: place, removed: v.string(), inserted: v.string() }),
  v.object({ type: v.literal('insert-turn'), at: place, turn: turnSchema }),
  v.object({ type: v.literal('remove-turn'), at: place, turn: turnSchema }),
  v.object({ type: v.literal('move-turn'), from: place, to: place }),
  field('question', v.string()),
  field('options', v.pipe(v.array(v.string()), v.readonly())),
  field('gold', v.nullable(v.string())),
  field('type', v.picklist(QUESTION_TYPES)),
  field('kind', v.picklist(TRACE_KINDS)),
  field('images', imagesSchema),
]);

/**
 * One exact change of a trace, which says what was there before and so can be taken back. Since a turn's text counts and
 * drawings are read from it, a shape is changed by changing text.
 *
 * - `text`: in the text of turn `turn` (from 0) `inserted` takes the place of `removed`, which begins at `start` (UTF-16
 *   code units).
 * - `insert-turn`, `remove-turn`: `turn` becomes, or was, the one at place `at`. Its derived fields are made anew and
 *   may be missing; where they stand in it, they stand there again.
 * - `move-turn`: the turn at place `from` goes to place `to`, counted when it is out.
 * - `field`: a field of the trace itself has the value `after` in place of `before`.
 */
export type Change = v.InferOutput<typeof changeSchema>;

/** A change does not fit the trace that it is applied to: what it says was there is not. */
export class ChangeConflict extends Error {
  override readonly name = 'ChangeConflict';
}

/** The trace after the changes, one after the other, with its derived fields made anew. Throws `ChangeConflict`. */
export function applyChanges(trace: Trace, changes: readonly Change[]): Trace {
  return changes.length === 0 ? trace : withDerived(changes.reduce(applyChange, trace));
}

/** What takes the changes back: applied to the outcome, it gives what was there before, field by field. */
export function invertChanges(changes: readonly Change[]): Change[] {
  return changes.map(invertChange).reverse();
}

function applyChange(trace: Trace, change: Change): Trace {
  const { turns } = trace;
  switch (change.type) {
    case 'text':
      return { ...trace, turns: turns.with(change.turn, changeText(turns[change.turn], change)) };
    case 'insert-turn':
      if (change.at > turns.length) throw noTurn(change.at);
      return { ...trace, turns: turns.toSpliced(change.at, 0, withDerivedFields(change.turn)) };
    case 'remove-turn':
      if (!isSameTurn(turns[change.at], change.turn)) throw noTurn(change.at);
      return { ...trace, turns: turns.toSpliced(change.at, 1) };
    case 'move-turn': {
      const turn = turns[change.from];
      if (turn === undefined || change.to >= turns.length) throw noTurn(Math.max(change.from, change.to));
      return { ...trace, turns: turns.toSpliced(change.from, 1).toSpliced(change.to, 0, turn) };
    }
    case 'field': {
      const { field, before, after } = change;
      if (JSON.stringify(trace[field]) !== JSON.stringify(before)) {
        throw new ChangeConflict(`The field ${field} is not what it was when it was changed.`);
      }
      return { ...trace, [field]: after };
    }
  }
}

function invertChange(change: Change): Change {
  switch (change.type) {
    case 'text':
      return { ...change, removed: change.inserted, inserted: change.removed };
    case 'insert-turn':
      return { ...change, type: 'remove-turn' };
    case 'remove-turn':
      return { ...change, type: 'insert-turn' };
    case 'move-turn':
      return { ...change, from: change.to, to: change.from };
    case 'field':
      return swapped(change);
  }
}

/** Before and after have the same type, whichever field it is; TypeScript sees that one field at a time only. */
function swapped<T extends { before: unknown; after: unknown }>(change: T): T {
  return { ...change, before: change.after, after: change.before };
}

function changeText<T extends SpokenTurn>(turn: T | undefined, change: Change & { type: 'text' }): T {
  const { start, removed, inserted } = change;
  if (turn === undefined) throw noTurn(change.turn);
  const { text } = turn;
  if (!text.startsWith(removed, start) || start > text.length) {
    throw new ChangeConflict(
      `The text of turn ${change.turn + 1} is not what it was when it was changed, at character ${start}.`,
    );
  }
  return { ...turn, text: text.slice(0, start) + inserted + text.slice(start + removed.length) };
}

/** Empty ones take their places until those of the whole trace are made. */
function withDerivedFields(turn: SpokenTurn): Trace['turns'][number] {
  return { ...turn, think: null, action: null, drawings: [], answer: null, images: [] };
}

/** Whether all is the same but the derived fields. */
function isSameTurn(turn: SpokenTurn | undefined, other: SpokenTurn): boolean {
  return turn !== undefined && JSON.stringify(heardOf(turn)) === JSON.stringify(heardOf(other));
}

const DERIVED: Readonly<Record<keyof DerivedTurn, true>> = {
  think: true,
  action: true,
  drawings: true,
  answer: true,
  images: true,
};

const heardOf = (turn: SpokenTurn) => Object.entries(turn).filter(([key]) => !Object.hasOwn(DERIVED, key));

const noTurn = (at: number): ChangeConflict =>
  new ChangeConflict(`The trace has no such turn ${at + 1} as when it was changed.`);
