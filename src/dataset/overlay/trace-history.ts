import { applyChanges, type Change, invertChanges } from '../../trace/edit/change';
import type { Trace } from '../../trace/trace';
import type { EditEvent } from './edit-event';
import { type Replay, type ReplayedEvent, replay, stand } from './replay';

/** One event in the history of a trace. */
export interface HistoryEntry extends ReplayedEvent {
  /** Whether a later event took it back, and nothing took back that one. */
  readonly undone: boolean;
}

/** All that was done to one trace, and what it was at each moment. */
export class TraceHistory {
  readonly entries: readonly HistoryEntry[];
  private readonly outcome: Replay;

  constructor(
    private readonly original: Trace,
    events: readonly EditEvent[],
  ) {
    this.outcome = replay(original, events);
    const undone = undoneEvents(this.outcome.events);
    this.entries = this.outcome.events.map((one) => ({ ...one, undone: undone.has(one.event.id) }));
  }

  /** What the trace is now. */
  get now(): Trace {
    return this.outcome.trace;
  }

  /** The trace after entry `index`, from 0; before all of them for -1. */
  after(index: number): Trace {
    return applyChanges(this.original, changesOf(this.standingAt(index)));
  }

  /** What leads from the trace as it is now to what it was after entry `index`; nothing if it is the same. */
  restore(index: number): Change[] {
    return changesBetween(this.outcome.standing, this.standingAt(index));
  }

  private standingAt(index: number): readonly EditEvent[] {
    return this.entries
      .slice(0, index + 1)
      .filter(({ applied }) => applied)
      .reduce<readonly EditEvent[]>((standing, { event }) => stand(standing, event), []);
  }
}

/** What leads from the trace on which `from` stands to the one on which `to` does: both began with the same original. */
export function changesBetween(from: readonly EditEvent[], to: readonly EditEvent[]): Change[] {
  const common = commonCount(from, to);
  return [...invertChanges(changesOf(from.slice(common))), ...changesOf(to.slice(common))];
}

/** How many of the first events are the same in both. */
export function commonCount(a: readonly EditEvent[], b: readonly EditEvent[]): number {
  const differs = a.findIndex(({ id }, i) => id !== b[i]?.id);
  return differs < 0 ? a.length : differs;
}

const changesOf = (events: readonly EditEvent[]): Change[] => events.flatMap(({ changes }) => changes);

/** An undo that was taken back undoes nothing: the last events are looked at first. */
function undoneEvents(events: readonly ReplayedEvent[]): ReadonlySet<string> {
  const undone = new Set<string>();
  for (const { event, applied } of [...events].reverse()) {
    if (applied && event.undoes !== undefined && !undone.has(event.id)) undone.add(event.undoes);
  }
  return undone;
}
