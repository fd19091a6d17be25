import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { errorCode } from '../../shared/error-code';
import { DataError, systemReason } from '../data-error';
import { type EditEvent, refKey, type TraceRef, writeEvent } from './edit-event';
import { tipOf } from './event-order';
import { judgeTail } from './heal-tail';
import { Overlay } from './overlay';
import type { OverlayFinding } from './overlay-finding';
import { OverlayReader } from './overlay-reader';
import type { OverlayEvent } from './read-event';
import type { PartVerdict, VerdictEvent, VerdictUndo } from './verdict-event';
import type { Verdicts } from './verdicts';
import { waitForLock } from './wait-for-lock';

/** Lines that are read before others have their turn: a file of many is not to hold up the process. */
const AT_ONCE = 500;

/** A trace whose events were not written, since others have edited it meanwhile. */
export interface OverlayConflict {
  readonly trace: TraceRef;
  /** The event that ours follow, and the one that they would have to; null for none. */
  readonly parent: string | null;
  readonly tip: string | null;
}

/** What became of events that were to be appended. */
export interface Appended {
  /** Those that are on disk now. */
  readonly written: readonly EditEvent[];
  /** Those of these traces are not. */
  readonly conflicts: readonly OverlayConflict[];
  /** What was taken away at the end of the file, for people; null if it was whole. */
  readonly healed: string | null;
}

/**
 * The edits of a data file, in a file of their own beside it: the data file is never written. Several windows and
 * processes may have it open; it is locked while one of them writes, and each sees what the others have written.
 */
export class OverlayFile {
  private events = new Overlay();
  private readonly reader = new OverlayReader();
  private torn = false;

  private constructor(readonly path: string) {}

  /** The overlay of the data file at `path`; it need not be there yet. Throws `DataError`. */
  static async of(path: string): Promise<OverlayFile> {
    const overlay = new OverlayFile(`${path}.edits.jsonl`);
    await overlay.refresh();
    return overlay;
  }

  /** What was read so far. After `refresh` and `append` it may be another one. */
  get overlay(): Overlay {
    return this.events;
  }

  /** What is wrong with the file. */
  get findings(): readonly OverlayFinding[] {
    if (!this.torn) return this.events.findings;
    const message =
      'The last line was cut short as it was written; it is taken away when the next edit is saved.';
    return [...this.events.findings, { code: 'torn-line', severity: 'warning', message }];
  }

  /** Reads what others have appended, or all if the file was replaced. False if nothing is new. Throws `DataError`. */
  async refresh(): Promise<boolean> {
    const file = await open(this.path, 'r').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return null;
      throw this.cannot('read', error);
    });
    if (file === null) {
      const hadAny = this.events.size > 0 || this.torn;
      this.reader.reset();
      this.events = new Overlay();
      this.torn = false;
      return hadAny;
    }
    try {
      const { events, torn, reader } = this;
      const { end } = reader;
      this.torn = judgeTail(await this.readNew(file)) === 'cut';
      return this.events !== events || reader.end !== end || this.torn !== torn;
    } catch (error) {
      throw this.cannot('read', error);
    } finally {
      await file.close();
    }
  }

  /**
   * Appends events in one write, and has the system put them on disk before it returns. Events of a trace on which others
   * have gone on meanwhile are not written; those that are there already are not written again. After a failure none is.
   * Throws `DataError`.
   */
  append(events: readonly EditEvent[]): Promise<Appended> {
    return this.locked(async (file, healed) => {
      const conflicts = this.conflictsOf(events);
      const held = new Set(conflicts.map(({ trace }) => refKey(trace)));
      const written = events.filter(({ trace }) => !held.has(refKey(trace)));
      await this.write(
        file,
        written.filter(({ id }) => !this.events.has(id)),
      );
      return { written, conflicts, healed };
    });
  }

  /**
   * Appends what `make` makes, if anything, of the verdicts that there are by then, those of others included; on disk when it
   * returns.
   * After a failure nothing is. Throws `DataError`, and what `make` throws.
   */
  appendVerdict(
    make: (verdicts: Verdicts) => VerdictEvent | PartVerdict | VerdictUndo | null,
  ): Promise<{ readonly healed: string | null }> {
    return this.locked(async (file, healed) => {
      const event = make(this.events.verdicts);
      if (event !== null) await this.write(file, [event]);
      return { healed };
    });
  }

  /** Does `work` on the file while nobody else writes to it, and when it is whole; `healed` as in `Appended`. */
  private async locked<T>(work: (file: FileHandle, healed: string | null) => Promise<T>): Promise<T> {
    try {
      const lock = await waitForLock(this.path);
      try {
        const file = await open(this.path, 'a+');
        try {
          return await work(file, await this.heal(file, () => lock.isHeld()));
        } finally {
          await file.close();
        }
      } finally {
        await lock.release();
      }
    } catch (error) {
      if (error instanceof DataError) throw error;
      throw this.cannot('write to', error);
    }
  }

  /** Sees to it that the file ends with a whole line. What was taken away, for people; null if nothing. */
  private async heal(file: FileHandle, isHeld: () => Promise<boolean>): Promise<string | null> {
    const tail = await this.readNew(file);
    const state = judgeTail(tail);
    this.requireOverlay(state === 'foreign');
    if (!(await isHeld())) {
      throw new DataError(
        `Another vilasr has begun to write to ${this.path} while this one stood still. Try again.`,
      );
    }
    if (state === 'event' || state === 'foreign') await file.appendFile('\n');
    if (state === 'cut') await file.truncate(this.reader.end);
    if (state !== 'whole') await this.readNew(file);
    this.torn = false;
    return state === 'cut'
      ? `The last line of ${this.path} was cut short as it was written (${tail.length} bytes); it was taken away.`
      : null;
  }

  private async write(file: FileHandle, events: readonly OverlayEvent[]): Promise<void> {
    if (events.length === 0) return;
    const { end } = this.reader;
    try {
      await file.appendFile(events.map((event) => `${writeEvent(event)}\n`).join(''));
      await file.datasync();
    } catch (error) {
      await file.truncate(end).catch(() => undefined);
      throw error;
    }
    await this.readNew(file);
  }

  /** Takes in the lines that are new; gives what follows the last line feed. */
  private async readNew(file: FileHandle): Promise<Buffer> {
    const { afresh, lines, tail } = await this.reader.read(file);
    const events = afresh ? new Overlay() : this.events;
    for (const [i, line] of lines.entries()) {
      events.addLine(line);
      if (i % AT_ONCE === AT_ONCE - 1) await setImmediate();
    }
    this.events = events;
    return tail;
  }

  private conflictsOf(events: readonly EditEvent[]): OverlayConflict[] {
    const firsts = new Map<string, EditEvent>();
    for (const event of events) {
      const key = refKey(event.trace);
      if (!firsts.has(key) && !this.events.has(event.id)) firsts.set(key, event);
    }
    return [...firsts.values()].flatMap(({ trace, parent }) => {
      const tip = tipOf(this.events.of(trace));
      return tip === parent ? [] : [{ trace, parent, tip }];
    });
  }

  /** A file that has something else in it is not ours to touch. */
  private requireOverlay(endsForeign: boolean): void {
    const { size, findings } = this.events;
    const isForeign = endsForeign || findings.some(({ code }) => code === 'bad-line');
    if (size > 0 || !isForeign) return;
    throw new DataError(
      `${this.path} holds something other than edits; it is left as it is. Move it away, and save again.`,
    );
  }

  private cannot(what: string, error: unknown): DataError {
    return new DataError(`Cannot ${what} ${this.path}: ${systemReason(error)}.`);
  }
}
