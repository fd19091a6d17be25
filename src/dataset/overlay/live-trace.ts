import { applyChanges, type Change, ChangeConflict, invertChanges } from '../../trace/edit/change';
import type { Trace } from '../../trace/trace';
import { EDIT_FORMAT, type EditEvent, type TraceRef } from './edit-event';
import { hasPlace, type Replay, replay, stand } from './replay';

/** What an event of a trace needs besides what the trace knows. */
export interface Made {
  readonly id: string;
  readonly at: string;
  readonly who: string;
}

/** A trace as it is with all that was saved, and with what is not saved yet. */
export class LiveTrace {
  private base: Replay;
  private edited: Trace;
  private pending: EditEvent[] = [];

  constructor(
    readonly ref: TraceRef,
    /** As it is in the source. */
    readonly original: Trace,
    saved: readonly EditEvent[],
  ) {
    this.base = replay(original, saved);
    this.edited = this.base.trace;
  }

  get trace(): Trace {
    return this.edited;
  }

  /** Events that are not saved yet, in their order. */
  get unsaved(): readonly EditEvent[] {
    return this.pending;
  }

  /** How the saved events became what the unsaved ones go on from. */
  get saved(): Replay {
    return this.base;
  }

  /** What is applied and not taken back, the unsaved included. */
  get standing(): readonly EditEvent[] {
    return this.pending.reduce(stand, this.base.standing);
  }

  /** What all events made of the trace, the unsaved included. */
  get outcome(): Replay {
    const { events, findings } = this.base;
    const { edited: trace, tip, standing } = this;
    const unsaved = this.pending.map((event) => ({ event, applied: true, reason: null, code: null }));
    const unplaced = events.filter((one) => !hasPlace(one));
    return { trace, tip, standing, findings, events: [...events.filter(hasPlace), ...unsaved, ...unplaced] };
  }

  get tip(): string | null {
    return this.pending.at(-1)?.id ?? this.base.tip;
  }

  /** Makes the changes. Throws `ChangeConflict`, and then nothing has changed. */
  push(made: Made, label: string, changes: readonly Change[], undoes?: string): EditEvent {
    const { id, at, who } = made;
    const { ref: trace, tip: parent } = this;
    const what = { trace, label, changes: [...changes], ...(undoes === undefined ? {} : { undoes }) };
    const event: EditEvent = { format: EDIT_FORMAT, type: 'edit', id, parent, at, who, ...what };
    this.take(event);
    return event;
  }

  /** Takes an event that was made before and was not saved. Throws `ChangeConflict`, and then nothing has changed. */
  take(event: EditEvent): void {
    if (event.parent !== this.tip) throw new ChangeConflict('It does not follow the edit before it.');
    this.edited = applyChanges(this.edited, event.changes);
    this.pending.push(event);
  }

  /** The last unsaved event was never made. */
  pop(): void {
    const event = this.pending.at(-1);
    if (event === undefined) return;
    this.edited = applyChanges(this.edited, invertChanges(event.changes));
    this.pending.pop();
  }

  /** The first unsaved events are in the overlay now, whose events of this trace are `saved`. */
  settle(written: ReadonlySet<string>, saved: readonly EditEvent[]): void {
    this.pending = this.pending.filter(({ id }) => !written.has(id));
    this.base = replay(this.original, saved);
    if (this.pending.length === 0) this.edited = this.base.trace;
  }

  /**
   * Goes on from other saved events to the same trace: `events`, which lead from what those give to what the unsaved ones
   * went on from, come before the unsaved ones.
   */
  rebase(saved: readonly EditEvent[], events: readonly Omit<EditEvent, 'parent'>[]): void {
    this.base = replay(this.original, saved);
    let parent = this.base.tip;
    this.pending = [...events, ...this.pending].map((event) => {
      const chained: EditEvent = { ...event, parent };
      parent = event.id;
      return chained;
    });
  }
}
