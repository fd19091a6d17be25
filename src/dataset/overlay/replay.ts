import { applyChanges, ChangeConflict, invertChanges } from '../../trace/edit/change';
import type { Trace } from '../../trace/trace';
import type { EditEvent } from './edit-event';
import { orderEvents } from './event-order';
import type { OverlayFinding, OverlayFindingCode } from './overlay-finding';

/** An event and what became of it. */
export interface ReplayedEvent {
  readonly event: EditEvent;
  readonly applied: boolean;
  /** Why it is not applied, for people; null if it is. */
  readonly reason: string | null;
  /** What is wrong with it; null if nothing. One that is applied may follow an event that is missing. */
  readonly code: OverlayFindingCode | null;
}

/** Whether an event stands in the order of those that are applied, also if it does not fit. */
export const hasPlace = ({ applied, code }: ReplayedEvent): boolean => applied || code === 'does-not-fit';

/** A trace after its events. */
export interface Replay {
  readonly trace: Trace;
  /** In the order in which they were applied; at the end those that have no place in it. */
  readonly events: readonly ReplayedEvent[];
  /** The event that a new one has to follow; null if there is none. */
  readonly tip: string | null;
  /** What was applied and not taken back: the original after these is the trace. */
  readonly standing: readonly EditEvent[];
  readonly findings: readonly OverlayFinding[];
}

/**
 * Applies the events of one trace to what it is in the source. An event that does not fit is left out, with a finding, and
 * the others go on.
 */
export function replay(original: Trace, events: readonly EditEvent[]): Replay {
  const { chain, unplaced, gaps } = orderEvents(events);
  const replayed: ReplayedEvent[] = [];
  const findings: OverlayFinding[] = [];
  let trace = original;
  let standing: readonly EditEvent[] = [];
  for (const event of chain) {
    const { id } = event;
    const gap = gaps.has(id) ? ('missing-parent' as const) : null;
    if (gap !== null) {
      const message = `${nameOf(event)} follows an edit that is missing; see whether it still is in its place.`;
      findings.push({ code: gap, severity: 'warning', message, event: id });
    }
    try {
      trace = applyChanges(trace, event.changes);
      standing = stand(standing, event);
      replayed.push({ event, applied: true, reason: null, code: gap });
    } catch (error) {
      if (!(error instanceof ChangeConflict)) throw error;
      const code = 'does-not-fit';
      replayed.push({ event, applied: false, reason: error.message, code });
      const message = `${nameOf(event)} is not applied. ${error.message}`;
      findings.push({ code, severity: 'error', message, event: id });
    }
  }
  for (const { event, code, reason } of unplaced) {
    replayed.push({ event, applied: false, reason, code });
    const message = `${nameOf(event)} is not applied. ${reason}`;
    findings.push({ code, severity: 'error', message, event: event.id });
  }
  return { trace, events: replayed, tip: chain.at(-1)?.id ?? null, standing, findings };
}

/**
 * What stands after one more event was applied. One that takes back what was applied last leaves what was before that; any
 * other stands on top.
 */
export function stand(standing: readonly EditEvent[], event: EditEvent): readonly EditEvent[] {
  const top = standing.at(-1);
  const isInverse =
    top !== undefined && event.undoes === top.id && sameJson(event.changes, invertChanges(top.changes));
  return isInverse ? standing.slice(0, -1) : [...standing, event];
}

/** For people: `"Move the box" (Ann, 2026-11-25T10:00:00.000Z)`. */
const nameOf = ({ label, who, at }: EditEvent): string => `${JSON.stringify(label)} (${who}, ${at})`;

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
