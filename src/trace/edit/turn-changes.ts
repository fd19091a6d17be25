import type { SpokenTurn, Trace } from '../trace';
import type { Change } from './change';
import { EditRefused } from './edit-refused';

/** A turn that a person wrote: no model generated it. */
export const writtenTurn = (text: string): SpokenTurn => ({
  text,
  finish: 'stop',
  tokens: null,
  seconds: null,
});

/** A new turn with this text stands at place `at`, from 0 to the number of turns. */
export function insertTurn(trace: Trace, at: number, text: string): Change[] {
  if (at > trace.turns.length)
    throw new EditRefused(`A turn cannot stand at place ${at + 1}: there are fewer.`);
  return [{ type: 'insert-turn', at, turn: writtenTurn(text) }];
}

/** A copy of turn number `turn`, with all its fields, follows it. */
export function duplicateTurn(trace: Trace, turn: number): Change[] {
  return [{ type: 'insert-turn', at: turn + 1, turn: turnAt(trace, turn) }];
}

export function removeTurn(trace: Trace, turn: number): Change[] {
  return [{ type: 'remove-turn', at: turn, turn: turnAt(trace, turn) }];
}

/** Turn number `from` goes to place `to`, counted when it is out. */
export function moveTurn(trace: Trace, from: number, to: number): Change[] {
  turnAt(trace, from);
  turnAt(trace, to);
  return from === to ? [] : [{ type: 'move-turn', from, to }];
}

/** Throws `EditRefused` where there is no such turn. */
export function turnAt(trace: Trace, turn: number): Trace['turns'][number] {
  const found = trace.turns[turn];
  if (found === undefined) throw new EditRefused(`There is no turn ${turn + 1} in this trace.`);
  return found;
}
