import type { Trace } from '../../trace/trace';
import type { Verdict } from '../../trace/verdict';
import { refKey, type TraceRef } from './edit-event';
import { pinOfPart } from './pin';
import type { PartVerdict, Place, VerdictEvent, VerdictUndo } from './verdict-event';

/** What counts for a trace or a part of one, and who said what of it. */
export interface Standing<E extends VerdictEvent | PartVerdict> {
  /** What counts now: `pending` where it is no longer what was judged. */
  readonly verdict: Verdict;
  /** The newest. */
  readonly said: E;
  /** Whether it was edited since, so that what was said does not hold. */
  readonly editedSince: boolean;
  /** What everybody else said last, the newest first. */
  readonly others: readonly E[];
}

export type TraceVerdict = Standing<VerdictEvent>;

/** What counts for a part of a trace. */
export interface PlacedVerdict extends Standing<PartVerdict> {
  readonly place: Place;
}

/** All verdicts of an overlay file, by the trace that they are about. Grows as lines are added, in any order. */
export class Verdicts {
  private readonly byTrace = new Map<string, VerdictEvent[]>();
  private readonly partsByTrace = new Map<string, PartVerdict[]>();
  private readonly undone = new Set<string>();

  add(event: VerdictEvent | PartVerdict | VerdictUndo): void {
    if (event.type === 'undo-verdict') this.undone.add(event.undoes);
    else if (event.type === 'verdict') addTo(this.byTrace, event);
    else addTo(this.partsByTrace, event);
  }

  /** Those of a trace as a whole that were not taken back, the newest first. */
  of(trace: TraceRef): VerdictEvent[] {
    return this.standing(this.byTrace, trace);
  }

  /** Those of parts of a trace that were not taken back, the newest first. */
  partsOf(trace: TraceRef): PartVerdict[] {
    return this.standing(this.partsByTrace, trace);
  }

  /** What was said last of a trace, or of any part of it, and was not taken back; null if nothing was. */
  lastOf(trace: TraceRef): VerdictEvent | PartVerdict | null {
    return [...this.of(trace), ...this.partsOf(trace)].sort(newestFirst)[0] ?? null;
  }

  /** When the newest of a trace was said, those too that were taken back, in milliseconds; 0 if nothing was. */
  newestAt(trace: TraceRef): number {
    const key = refKey(trace);
    const events = [...(this.byTrace.get(key) ?? []), ...(this.partsByTrace.get(key) ?? [])];
    return events.reduce((newest, { at }) => Math.max(newest, Date.parse(at)), 0);
  }

  /** The traces of which anything was said as a whole. */
  traces(): TraceRef[] {
    return [...this.byTrace.values()].flatMap(([first]) => (first === undefined ? [] : [first.trace]));
  }

  private standing<E extends VerdictEvent | PartVerdict>(
    from: ReadonlyMap<string, readonly E[]>,
    trace: TraceRef,
  ): E[] {
    const events = from.get(refKey(trace)) ?? [];
    return events.filter(({ id }) => !this.undone.has(id)).sort(newestFirst);
  }
}

function addTo<E extends VerdictEvent | PartVerdict>(to: Map<string, E[]>, event: E): void {
  const key = refKey(event.trace);
  const events = to.get(key);
  if (events === undefined) to.set(key, [event]);
  else events.push(event);
}

/**
 * What counts of the verdicts of a trace, or of one part of it, the newest of which comes first; null if there is none.
 *
 * @param pin of it as it is now: see `pinOf` and `pinOfPart`; null where it is gone.
 */
export function standingVerdict<E extends VerdictEvent | PartVerdict>(
  events: readonly E[],
  pin: string | null,
): Standing<E> | null {
  const [said, ...older] = events;
  if (said === undefined) return null;
  const editedSince = said.verdict !== 'pending' && said.of !== pin;
  const names = new Set([said.who]);
  const others = older.filter(({ who }) => !names.has(who) && names.add(who));
  return { verdict: editedSince ? 'pending' : said.verdict, said, editedSince, others };
}

/**
 * What counts of the verdicts on parts of a trace, the newest of which comes first, in the order of the parts. One that was
 * cleared has none.
 *
 * @param trace as it is now.
 */
export function standingParts(events: readonly PartVerdict[], trace: Trace): PlacedVerdict[] {
  const byPlace = new Map<string, PartVerdict[]>();
  for (const event of events) {
    const key = placeKey(event.place);
    const same = byPlace.get(key);
    if (same === undefined) byPlace.set(key, [event]);
    else same.push(event);
  }
  return [...byPlace.values()]
    .flatMap((same): PlacedVerdict[] => {
      const place = same[0]?.place;
      const standing = place === undefined ? null : standingVerdict(same, pinOfPart(trace, place));
      if (place === undefined || standing === null || standing.said.verdict === 'pending') return [];
      return [{ place, ...standing }];
    })
    .sort((a, b) => comparePlaces(a.place, b.place));
}

/** One name for a part, to be used as a key. */
export const placeKey = ({ turn, shape }: Place): string =>
  shape === undefined ? `${turn}` : `${turn}.${shape}`;

const comparePlaces = (a: Place, b: Place): number => a.turn - b.turn || (a.shape ?? -1) - (b.shape ?? -1);

type Dated = Pick<VerdictEvent, 'at' | 'id'>;

const newestFirst = (a: Dated, b: Dated): number =>
  Date.parse(b.at) - Date.parse(a.at) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
