import { randomUUID } from 'node:crypto';
import { type Change, ChangeConflict, invertChanges } from '../../trace/edit/change';
import type { Trace } from '../../trace/trace';
import { DataError } from '../data-error';
import { type EditEvent, refKey, type TraceRef, writeEvent } from './edit-event';
import { orderEvents } from './event-order';
import { LiveTrace, type Made } from './live-trace';
import { pinOf } from './pin';
import { readBackup } from './read-backup';
import { SerialQueue } from './serial-queue';
import type { Edit, Edited, Saved, SessionOptions, Unrestored } from './session-types';
import { commonCount, TraceHistory } from './trace-history';
import type { PartVerdict, VerdictEvent, VerdictUndo } from './verdict-event';
import type { Verdicts } from './verdicts';

export type { Edit, Edited, Saved, SessionOptions, Unrestored } from './session-types';

/** Traces that nobody edits are read again when they are needed. */
const KEPT = 64;

/**
 * A data file that is being edited. All calls are carried out one after the other. Traces are read when they are asked for;
 * what is done to one touches no other.
 */
export class EditSession {
  private readonly live = new Map<string, LiveTrace>();
  /** Events that were made here; what else is in the overlay is by others. */
  private readonly own = new Set<string>();
  private readonly queue = new SerialQueue();

  constructor(private readonly options: SessionOptions) {}

  /** Events that are not saved yet, trace by trace. */
  get unsaved(): readonly EditEvent[] {
    return [...this.live.values()].flatMap(({ unsaved }) => unsaved);
  }

  /** The traces that have events, saved or not, and the id of the last one of each; those with unsaved ones last. */
  editedRefs(): { readonly ref: TraceRef; readonly last: string }[] {
    const { overlay } = this.options.file;
    const last = new Map<string, { readonly ref: TraceRef; readonly last: string }>();
    for (const ref of overlay.traces())
      last.set(refKey(ref), { ref, last: overlay.of(ref).at(-1)?.id ?? '' });
    for (const { trace: ref, id } of this.unsaved) {
      last.delete(refKey(ref));
      last.set(refKey(ref), { ref, last: id });
    }
    return [...last.values()];
  }

  /** The trace with all its edits. Throws `DataError` if the source has no such trace. */
  trace(ref: TraceRef): Promise<Trace> {
    return this.queue.run(async () => (await this.load(ref)).trace);
  }

  /** The trace with all its edits, and without them. Throws as `trace` does. */
  edited(ref: TraceRef): Promise<Edited> {
    return this.queue.run(async () => {
      const { original, trace, standing } = await this.load(ref);
      return { original, trace, changes: standing.flatMap(({ changes }) => changes) };
    });
  }

  /** Whether anything was done to the trace, if only to be taken back. */
  isTouched(ref: TraceRef): boolean {
    const unsaved = this.live.get(refKey(ref))?.unsaved.length ?? 0;
    return unsaved > 0 || this.options.file.overlay.of(ref).length > 0;
  }

  /** All that was done to a trace, the unsaved included. Throws as `trace` does. */
  history(ref: TraceRef): Promise<TraceHistory> {
    return this.queue.run(async () => {
      const { original, outcome, unsaved } = await this.load(ref);
      return new TraceHistory(original, outcome, unsaved);
    });
  }

  /** Changes a trace. Throws `ChangeConflict` if the changes do not fit it, and as `trace` does; then nothing has changed. */
  edit(ref: TraceRef, label: string, changes: readonly Change[]): Promise<Edit> {
    return this.queue.run(async () => {
      if (changes.length === 0) throw new RangeError('An edit changes something.');
      const live = await this.load(ref);
      const event = this.make((made) => live.push(made, label, changes));
      const done = new Set([event.id]);
      const undone = new Set<string>();
      const foreign = this.foreign(ref);
      /** What others did to the trace since may have moved what the changes are about. */
      const reload = async () => {
        const now = await this.load(ref);
        if (sameEvents(this.foreign(ref), foreign)) return now;
        throw new ChangeConflict('The trace was edited elsewhere since; its history can take that back.');
      };
      return {
        trace: ref,
        label,
        undo: () => this.queue.run(async () => this.undo(await reload(), done, undone)),
        redo: () => this.queue.run(async () => this.redo(await reload(), event, done, undone)),
      };
    });
  }

  /** Writes what is unsaved to the overlay. Throws `DataError`; then all of it stays unsaved. */
  save(): Promise<Saved> {
    return this.queue.run(() => this.write(this.unsaved));
  }

  /** All verdicts that are saved, as far as they were read. */
  get verdicts(): Verdicts {
    return this.options.file.overlay.verdicts;
  }

  /** What a verdict on a trace as it is now is pinned to. Reads it only if it has edits; then throws as `trace` does. */
  async pin(ref: TraceRef): Promise<string> {
    const isEdited = this.options.file.overlay.of(ref).length > 0 || this.live.has(refKey(ref));
    return isEdited ? this.queue.run(async () => this.pinOf(await this.load(ref))) : ref.hash;
  }

  /**
   * Appends what `make` makes of the verdicts so far, of what one on the trace is pinned to, and of the trace as it is, when the unsaved edits of the
   * trace are saved. Throws `DataError`, and what `make` throws; then no verdict was written.
   */
  appendVerdict(
    ref: TraceRef,
    make: (verdicts: Verdicts, pin: string, trace: Trace) => VerdictEvent | PartVerdict | VerdictUndo | null,
  ): Promise<{ readonly healed: string | null }> {
    return this.queue.run(async () => {
      const live = await this.load(ref);
      const { conflicts, healed } = await this.write(live.unsaved);
      if (conflicts.length > 0) {
        throw new DataError(
          'Somebody else has edited this trace meanwhile. Save, say whose edits count, and judge it then.',
        );
      }
      const pin = this.pinOf(live);
      const appended = await this.options.file.appendVerdict((verdicts) => make(verdicts, pin, live.trace));
      for (const [key, one] of this.live) this.forgetIfStale(key, one);
      return { healed: healed ?? appended.healed };
    });
  }

  /** Takes in what others have saved, but for traces that have unsaved events. Throws `DataError`. */
  refresh(): Promise<boolean> {
    return this.queue.run(async () => {
      const isNew = await this.options.file.refresh();
      for (const [key, live] of this.live) this.forgetIfStale(key, live);
      return isNew;
    });
  }

  /** What others have saved of a trace meanwhile is taken back by events before one's own, which stay. */
  keepMine(ref: TraceRef): Promise<void> {
    return this.queue.run(async () => {
      const live = await this.load(ref);
      const saved = this.options.file.overlay.of(ref);
      const theirs = new LiveTrace(ref, live.original, saved).standing;
      const mine = live.saved.standing;
      const common = commonCount(theirs, mine);
      const back = theirs.slice(common).reverse();
      const again = mine.slice(common);
      const event = (made: Made, label: string, changes: readonly Change[]) => ({
        format: 'vilasr.edit/1' as const,
        type: 'edit' as const,
        ...made,
        trace: ref,
        label,
        changes: [...changes],
      });
      live.rebase(saved, [
        ...back.map(({ id, label, changes }) => ({
          ...this.make((made) => event(made, `Undo: ${label}`, invertChanges(changes))),
          undoes: id,
        })),
        ...again.map(({ label, changes }) => this.make((made) => event(made, label, changes))),
      ]);
      for (const { id } of saved) this.own.add(id);
    });
  }

  /** One's own unsaved events of a trace are given up for what is saved. */
  keepTheirs(ref: TraceRef): Promise<void> {
    return this.queue.run(async () => void this.live.delete(refKey(ref)));
  }

  /** Unsaved events as JSON lines, for `restore`. */
  backup(): string {
    return this.unsaved.map((event) => `${writeEvent(event)}\n`).join('');
  }

  /**
   * Makes the events of a backup again, which are unsaved then. Those that are saved already are left out. `line` is the
   * number, from 1, of its first line where it was kept.
   */
  restore(backup: string, line = 1): Promise<readonly Unrestored[]> {
    return this.queue.run(async () => {
      const { events, unreadable } = readBackup(backup, line);
      const unrestored: Unrestored[] = unreadable.map((reason) => ({ event: null, reason }));
      for (const event of events) {
        if (this.options.file.overlay.has(event.id)) continue;
        try {
          await this.takeUp(event);
          this.own.add(event.id);
        } catch (error) {
          if (!(error instanceof ChangeConflict || error instanceof DataError)) throw error;
          unrestored.push({ event, reason: error.message });
        }
      }
      return unrestored;
    });
  }

  /** Gives up all that is unsaved, and reads what is saved again. Throws `DataError`. */
  revert(): Promise<void> {
    return this.queue.run(async () => {
      await this.options.file.refresh();
      this.live.clear();
    });
  }

  private pinOf({ ref, original, trace }: LiveTrace): string {
    return pinOf(ref.hash, original, trace);
  }

  /** Appends unsaved events, which then are saved. */
  private async write(events: readonly EditEvent[]): Promise<Saved> {
    // A file that nothing is written to is not made.
    if (events.length === 0) return { count: 0, conflicts: [], healed: null };
    const { file } = this.options;
    const { written, conflicts, healed } = await file.append(events);
    const ids = new Set(written.map(({ id }) => id));
    const conflicting = new Set(conflicts.map(({ trace }) => refKey(trace)));
    for (const [key, live] of this.live) {
      if (conflicting.has(key)) continue;
      if (live.unsaved.some(({ id }) => ids.has(id))) live.settle(ids, file.overlay.of(live.ref));
      else this.forgetIfStale(key, live);
    }
    return { count: written.length, conflicts, healed };
  }

  private undo(live: LiveTrace, done: ReadonlySet<string>, undone: Set<string>): void {
    const top = live.standing.at(-1);
    if (top === undefined || !done.has(top.id)) {
      throw new ChangeConflict(
        'Something else was done to the trace since; that has to be taken back first.',
      );
    }
    const { id, label, changes } = top;
    if (live.unsaved.at(-1)?.id === id) live.pop();
    else undone.add(this.make((made) => live.push(made, `Undo: ${label}`, invertChanges(changes), id)).id);
  }

  private redo(live: LiveTrace, edit: EditEvent, done: Set<string>, undone: ReadonlySet<string>): void {
    if (live.standing.some(({ id }) => done.has(id)))
      throw new ChangeConflict('The edit was not taken back.');
    const last = live.unsaved.at(-1);
    if (last !== undefined && undone.has(last.id)) {
      live.pop();
      return;
    }
    const undo = live.saved.events.findLast(({ event }) => undone.has(event.id))?.event.id;
    const event = this.make((made) => live.push(made, edit.label, edit.changes, undo));
    done.add(event.id);
  }

  /** An event of a backup goes on from where it was made, also if others have gone on from there too. */
  private async takeUp(event: EditEvent): Promise<void> {
    const key = refKey(event.trace);
    let live = await this.load(event.trace);
    if (live.unsaved.length === 0 && live.tip !== event.parent) {
      const { chain } = orderEvents(this.options.file.overlay.of(event.trace));
      const at = chain.findIndex(({ id }) => id === event.parent);
      if (at < 0 && event.parent !== null) throw new ChangeConflict('The edit before it is missing.');
      live = new LiveTrace(live.ref, live.original, chain.slice(0, at + 1));
      live.take(event);
      this.live.set(key, live);
      return;
    }
    live.take(event);
  }

  private async load(ref: TraceRef): Promise<LiveTrace> {
    const key = refKey(ref);
    const known = this.live.get(key);
    if (known !== undefined) return known;
    const original = await this.options.find(ref);
    if (original === null) throw new DataError('The trace is no longer in the data file.');
    const live = new LiveTrace(ref, original, this.options.file.overlay.of(ref));
    this.live.set(key, live);
    if (this.live.size > KEPT) this.forgetOldest(key);
    return live;
  }

  private forgetOldest(newest: string): void {
    for (const [key, { unsaved }] of this.live) {
      if (this.live.size <= KEPT) return;
      if (key !== newest && unsaved.length === 0) this.live.delete(key);
    }
  }

  private forgetIfStale(key: string, live: LiveTrace): void {
    if (live.unsaved.length > 0) return;
    const known = live.saved.events.map(({ event }) => event);
    if (!sameEvents(known, this.options.file.overlay.of(live.ref))) this.live.delete(key);
  }

  /** The saved events of a trace that others have made. */
  private foreign(ref: TraceRef): readonly EditEvent[] {
    return this.options.file.overlay.of(ref).filter(({ id }) => !this.own.has(id));
  }

  private make<T extends { readonly id: string }>(event: (made: Made) => T): T {
    const { now = () => new Date(), who } = this.options;
    const made = event({ id: randomUUID(), at: now().toISOString(), who });
    this.own.add(made.id);
    return made;
  }
}

/** Whether they are the same ones, in whatever order: an event never changes. */
function sameEvents(a: readonly EditEvent[], b: readonly EditEvent[]): boolean {
  const ids = new Set(b.map(({ id }) => id));
  return a.length === b.length && a.every(({ id }) => ids.has(id));
}
