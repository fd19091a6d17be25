import { applyChanges, type Change } from '../../trace/edit/change';
import type { Trace } from '../../trace/trace';

/** A view has turns without what it does not know of; what is taken out must come back as it was. */
export function wholeTurns(trace: Trace, changes: readonly Change[]): Change[] {
  if (!changes.some(({ type }) => type === 'remove-turn')) return [...changes];
  let now = trace;
  return changes.map((change) => {
    const turn = change.type === 'remove-turn' ? now.turns[change.at] : undefined;
    const whole: Change = change.type === 'remove-turn' && turn ? { ...change, turn: { ...turn } } : change;
    now = applyChanges(now, [whole]);
    return whole;
  });
}
