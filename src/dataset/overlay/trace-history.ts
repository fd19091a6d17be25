import { applyChanges, type Change, ChangeConflict, invertChanges } from '../../trace/edit/change';
import type { Trace } from '../../trace/trace';
import type { EditEvent } from './edit-event';
import { hasPlace, type Replay, type ReplayedEvent, replay, stand } from './replay';

/** One event in the history of a trace. */
export interface HistoryEntry extends ReplayedEvent {
  /** Whether a later event took it back, and nothing took back that one. */
  readonly undone: boolean;
  /** Whether it is in the overlay file. */
  readonly saved: boolean;
}

/** What a trace was before an event and after it. */
export interface Around {
  readonly before: Trace;
  readonly after: Trace;
}

/** All that was done to one trace, and what it was at each moment. */
export class TraceHistory {
  /** Those that are applied in their order; at the end those that have no place in it, as in a conflict. */
  readonly entries: readonly HistoryEntry[];
  private readonly places: ReadonlyMap<string, number>;

  /** Of a trace and what its events made of it. */
  constructor(
    readonly original: Trace,
    private readonly outcome: Replay,
    unsaved: readonly EditEvent[] = [],
  ) {
    const undone = undoneEvents(outcome.events);
    const fresh = new Set(unsaved.map(({ id }) => id));
    this.entries = outcome.events.map((one) => {
      const { id } = one.event;
      return { ...one, undone: undone.has(id), saved: !fresh.has(id) };
    });
    this.places = new Map(this.entries.map(({ event }, place) => [event.id, place]));
  }

  /** Applies the events to the trace; of a trace that is open all that is done already. */
  static of(original: Trace, saved: readonly EditEvent[], unsaved: readonly EditEvent[] = []): TraceHistory {
    return new TraceHistory(original, replay(original, [...saved, ...unsaved]), unsaved);
  }

  /** What the trace is now. */
  get now(): Trace {
    return this.outcome.trace;
  }

  /** The event that a new one has to follow; null if there is none. */
  get tip(): string | null {
    return this.outcome.tip;
  }

  /** Which entry an event is, from 0; undefined if there is none of this id. */
  placeOf(id: string): number | undefined {
    return this.places.get(id);
  }

  /** The trace after entry `index`, from 0; before all of them for -1. */
  after(index: number): Trace {
    return this.on(this.standingAt(index));
  }

  /**
   * The trace before and after entry `index`. One that is not applied since others have gone on from the same state is seen
   * where it was made, after the events that it follows. Null if it does not fit there, or if those are missing.
   */
  around(index: number): Around | null {
    const entry = this.entries[index];
    if (entry === undefined || entry.code === 'does-not-fit') return null;
    if (entry.applied) return { before: this.after(index - 1), after: this.after(index) };
    const standing = this.branchBefore(index);
    if (standing === null) return null;
    try {
      return { before: this.on(standing), after: this.on(stand(standing, entry.event)) };
    } catch (error) {
      if (error instanceof ChangeConflict) return null;
      throw error;
    }
  }

  /**
   * What leads from the trace as it is now to what it was right after entry `index` (-1: to the original); nothing if it is
   * the same. Of an entry that is not applied: to what `around` says it was after it. Throws `ChangeConflict` where that says
   * nothing.
   */
  restore(index: number): Change[] {
    const entry = this.entries[index];
    if (entry === undefined || entry.applied) return this.changesTo(this.standingAt(index));
    const standing = this.branchBefore(index);
    if (standing === null || this.around(index) === null) {
      throw new ChangeConflict(entry.reason ?? 'The edit does not fit the trace.');
    }
    return this.changesTo(stand(standing, entry.event));
  }

  private changesTo(standing: readonly EditEvent[]): Change[] {
    const isSame = JSON.stringify(this.on(standing)) === JSON.stringify(this.now);
    return isSame ? [] : changesBetween(this.outcome.standing, standing);
  }

  private on(standing: readonly EditEvent[]): Trace {
    return applyChanges(this.original, changesOf(standing));
  }

  private standingAt(index: number): readonly EditEvent[] {
    return this.entries
      .slice(0, index + 1)
      .filter(({ applied }) => applied)
      .reduce<readonly EditEvent[]>((standing, { event }) => stand(standing, event), []);
  }

  /** What stood where an entry was made that has no place in the order; null where that cannot be told. */
  private branchBefore(index: number): readonly EditEvent[] | null {
    const branch: EditEvent[] = [];
    let entry = this.entries[index];
    // Events that follow one another in a circle come to no end.
    while (entry !== undefined && branch.length < this.entries.length) {
      const { parent } = entry.event;
      const place = parent === null ? -1 : this.places.get(parent);
      if (place === undefined) return null;
      entry = this.entries[place];
      if (entry === undefined || hasPlace(entry)) return branch.reduce(stand, this.standingAt(place));
      branch.unshift(entry.event);
    }
    return null;
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
