import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Trace } from '../../trace/trace';
import type { Verdict } from '../../trace/verdict';
import { DataError } from '../data-error';
import { EDIT_FORMAT, type TraceRef } from './edit-event';
import type { EditSession } from './edit-session';
import { pinOfPart } from './pin';
import type { PartVerdict, Place, VerdictEvent } from './verdict-event';
import { type PlacedVerdict, placeKey, standingParts, standingVerdict, type TraceVerdict } from './verdicts';

/** What somebody says of a trace. */
export interface Said {
  readonly verdict: Verdict;
  /** Why, in a few words. */
  readonly reason?: string;
  readonly comment?: string;
}

/** What was written besides a verdict: see `Appended`. */
export interface Judged {
  readonly healed: string | null;
}

/** Verdicts on the traces of a data file: on disk at once, and taken back by further events, also after a reload. */
export class Review {
  constructor(
    private readonly session: EditSession,
    /** Who judges. */
    private readonly who: string,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /**
   * Says what one thinks of a trace as it is now, unless one has just said that. Its unsaved edits are saved first. Throws `DataError`, as where others have
   * edited the trace meanwhile; then nothing is said.
   */
  judge(ref: TraceRef, { verdict, reason, comment }: Said): Promise<Judged> {
    return this.session.appendVerdict(ref, (verdicts, of) => {
      const [last] = verdicts.of(ref);
      const says = { who: this.who, verdict, reason, comment, of };
      if (saysNothingNew(last, says)) return null;
      return {
        ...{ format: EDIT_FORMAT, type: 'verdict', ...this.made(ref, verdicts.newestAt(ref)), verdict },
        ...(reason !== undefined && { reason }),
        ...(comment !== undefined && { comment }),
        of,
      };
    });
  }

  /**
   * Says what one thinks of a part of a trace alone, as `judge` does of the whole, which that leaves as it is. Throws
   * `DataError` also where the trace has no such part.
   */
  judgePart(ref: TraceRef, place: Place, { verdict, reason, comment }: Said): Promise<Judged> {
    return this.session.appendVerdict(ref, (verdicts, _, trace) => {
      const of = pinOfPart(trace, place);
      if (of === null) throw new DataError('The trace has no such turn or shape any more.');
      const key = placeKey(place);
      const last = verdicts.partsOf(ref).find((one) => placeKey(one.place) === key);
      const says = { who: this.who, verdict, reason, comment, of };
      if (saysNothingNew(last, says)) return null;
      return {
        ...{ format: EDIT_FORMAT, type: 'part-verdict', ...this.made(ref, verdicts.newestAt(ref)), place },
        ...{ verdict, ...(reason !== undefined && { reason }), ...(comment !== undefined && { comment }) },
        of,
      };
    });
  }

  /** What counts for parts of a trace as it is now, in their order; those of which nobody said anything are left out. */
  partsOf(ref: TraceRef, trace: Trace): PlacedVerdict[] {
    return standingParts(this.session.verdicts.partsOf(ref), trace);
  }

  /**
   * Takes back what one said last of a trace, or of a part of it. Throws `DataError` where one did not say what was said last.
   */
  undo(ref: TraceRef): Promise<Judged> {
    return this.session.appendVerdict(ref, (verdicts) => {
      const last = verdicts.lastOf(ref);
      if (last === null) throw new DataError('Nobody has judged this trace.');
      if (last.who !== this.who) {
        throw new DataError(`The last verdict is by ${last.who}. Say another one instead of taking it back.`);
      }
      const made = this.made(ref, verdicts.newestAt(ref));
      return { format: EDIT_FORMAT, type: 'undo-verdict', ...made, undoes: last.id };
    });
  }

  /** What counts for a trace, with its unsaved edits; null if nobody judged it. Reads a trace only if it has edits. */
  async verdictOf(ref: TraceRef): Promise<TraceVerdict | null> {
    const events = this.session.verdicts.of(ref);
    return events.length === 0 ? null : standingVerdict(events, await this.session.pin(ref));
  }

  /** How many traces were judged, and are approved as they are now; those that left the data file since count too. */
  async counts(): Promise<{ readonly judged: number; readonly approved: number }> {
    let [judged, approved] = [0, 0];
    for (const [i, ref] of this.session.verdicts.traces().entries()) {
      // Others have their turn too.
      if (i % 500 === 499) await setImmediate();
      // One that has edits and is no longer in the file cannot be approved.
      const standing = await this.verdictOf(ref).catch(() => null);
      if (standing !== null) judged++;
      if (standing?.verdict === 'approved') approved++;
    }
    return { judged, approved };
  }

  /** Whose clock is behind still says the newest: `at` is later than `newest`, in milliseconds. */
  private made(trace: TraceRef, newest: number) {
    const at = new Date(Math.max(this.now().getTime(), newest + 1)).toISOString();
    return { id: randomUUID(), at, who: this.who, trace };
  }
}

type Content = Pick<VerdictEvent | PartVerdict, 'who' | 'verdict' | 'reason' | 'comment' | 'of'>;

/** Whether it is what was said last; where nothing was, whether it leaves it at that. */
function saysNothingNew(last: Content | undefined, now: Content): boolean {
  if (last === undefined) {
    return now.verdict === 'pending' && now.reason === undefined && now.comment === undefined;
  }
  return (['who', 'verdict', 'reason', 'comment', 'of'] as const).every(
    (field) => last[field] === now[field],
  );
}
