import type { SpokenTurn } from '../trace';
import type { Change } from './change';

/**
 * Which of the `count` turns before the changes each turn after them is; null for one that came new. A turn that was
 * removed and comes back as it was is the same.
 */
export function turnOrigins(count: number, changes: readonly Change[]): (number | null)[] {
  return followTurns(
    Array.from({ length: count }, (_, i) => i),
    changes,
    (origin) => origin,
  );
}

/**
 * What is known of each turn before the changes, at the places where the turns are after them; null for one that came new.
 * `onText` makes of it what it is after the turn's text was changed.
 */
export function followTurns<T>(
  turns: readonly T[],
  changes: readonly Change[],
  onText: (turn: T, change: Change & { type: 'text' }) => T,
): (T | null)[] {
  let now: (T | null)[] = [...turns];
  const removed: { readonly said: string; readonly turn: T | null }[] = [];
  for (const change of changes) {
    if (change.type === 'text') {
      const turn = now[change.turn] ?? null;
      if (turn !== null) now[change.turn] = onText(turn, change);
    } else if (change.type === 'remove-turn') {
      removed.push({ said: saidBy(change.turn), turn: now[change.at] ?? null });
      now = now.toSpliced(change.at, 1);
    } else if (change.type === 'insert-turn') {
      const said = saidBy(change.turn);
      const back = removed.findLastIndex((one) => one.said === said);
      const [same] = back < 0 ? [] : removed.splice(back, 1);
      now = now.toSpliced(change.at, 0, same?.turn ?? null);
    } else if (change.type === 'move-turn') {
      const moved = now[change.from] ?? null;
      now = now.toSpliced(change.from, 1).toSpliced(change.to, 0, moved);
    }
  }
  return now;
}

const saidBy = ({ text, finish, tokens, seconds }: SpokenTurn): string =>
  JSON.stringify([text, finish, tokens, seconds]);
