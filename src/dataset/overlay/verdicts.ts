import type { Verdict } from '../../trace/verdict';
import { refKey, type TraceRef } from './edit-event';
import type { VerdictEvent, VerdictUndo } from './verdict-event';

/** What counts for a trace, and who said what of it. */
export interface TraceVerdict {
  /** What counts now: `pending` where the trace is no longer what was judged. */
  readonly verdict: Verdict;
  /** The newest. */
  readonly said: VerdictEvent;
  /** Whether the trace was edited since, so that what was said does not hold. */
  readonly editedSince: boolean;
  /** What everybody else said last, the newest first. */
  readonly others: readonly VerdictEvent[];
}

/** All verdicts of an overlay file, by the trace that they are about. Grows as lines are added, in any order. */
export class Verdicts {
  private readonly byTrace = new Map<string, VerdictEvent[]>();
  private readonly undone = new Set<string>();

  add(event: VerdictEvent | VerdictUndo): void {
    if (event.type === 'undo-verdict') {
      this.undone.add(event.undoes);
      return;
    }
    const key = refKey(event.trace);
    const events = this.byTrace.get(key);
    if (events === undefined) this.byTrace.set(key, [event]);
    else events.push(event);
  }

  /** Those of a trace that were not taken back, the newest first. */
  of(trace: TraceRef): VerdictEvent[] {
    const events = this.byTrace.get(refKey(trace)) ?? [];
    return events.filter(({ id }) => !this.undone.has(id)).sort(newestFirst);
  }

  /** When the newest of a trace was said, those too that were taken back, in milliseconds; 0 if nothing was. */
  newestAt(trace: TraceRef): number {
    const events = this.byTrace.get(refKey(trace)) ?? [];
    return events.reduce((newest, { at }) => Math.max(newest, Date.parse(at)), 0);
  }

  /** The traces of which anything was said. */
  traces(): TraceRef[] {
    return [...this.byTrace.values()].flatMap(([first]) => (first === undefined ? [] : [first.trace]));
  }
}

/**
 * What counts of the verdicts of a trace, the newest of which comes first; null if there is none.
 *
 * @param pin of the trace as it is now: see `pinOf`.
 */
export function standingVerdict(events: readonly VerdictEvent[], pin: string): TraceVerdict | null {
  const [said, ...older] = events;
  if (said === undefined) return null;
  const editedSince = said.verdict !== 'pending' && said.of !== pin;
  const names = new Set([said.who]);
  const others = older.filter(({ who }) => !names.has(who) && names.add(who));
  return { verdict: editedSince ? 'pending' : said.verdict, said, editedSince, others };
}

const newestFirst = (a: VerdictEvent, b: VerdictEvent): number =>
  Date.parse(b.at) - Date.parse(a.at) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
