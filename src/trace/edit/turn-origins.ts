import type { SpokenTurn } from '../trace';
import type { Change } from './change';

/**
 * Which of the `count` turns before the changes each turn after them is; null for one that came new. A turn that was
 * removed and comes back as it was is the same.
 */
export function turnOrigins(count: number, changes: readonly Change[]): (number | null)[] {
  let origins = Array.from({ length: count }, (_, i): number | null => i);
  const removed: { readonly turn: string; readonly origin: number | null }[] = [];
  for (const change of changes) {
    if (change.type === 'remove-turn') {
      removed.push({ turn: saidBy(change.turn), origin: origins[change.at] ?? null });
      origins = origins.toSpliced(change.at, 1);
    } else if (change.type === 'insert-turn') {
      const turn = saidBy(change.turn);
      const back = removed.findLastIndex((one) => one.turn === turn);
      const [same] = back < 0 ? [] : removed.splice(back, 1);
      origins = origins.toSpliced(change.at, 0, same?.origin ?? null);
    } else if (change.type === 'move-turn') {
      const moved = origins[change.from] ?? null;
      origins = origins.toSpliced(change.from, 1).toSpliced(change.to, 0, moved);
    }
  }
  return origins;
}

const saidBy = ({ text, finish, tokens, seconds }: SpokenTurn): string =>
  JSON.stringify([text, finish, tokens, seconds]);
