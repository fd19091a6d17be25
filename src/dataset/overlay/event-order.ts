import { compareEvents, type EditEvent } from './edit-event';
import type { OverlayFindingCode } from './overlay-finding';

/** An event that has no place in the order, and why, for people. */
export interface Unplaced {
  readonly event: EditEvent;
  readonly code: OverlayFindingCode;
  readonly reason: string;
}

/** The events of one trace in the order in which they are applied. */
export interface EventOrder {
  readonly chain: readonly EditEvent[];
  readonly unplaced: readonly Unplaced[];
  /** Those of the chain whose parent is missing: what it changed is unknown. */
  readonly gaps: ReadonlySet<string>;
}

/**
 * Orders the events of one trace, each of which is there once: every event follows its parent. Where several follow the
 * same one, the oldest goes on and the others, with all that follows them, have no place. An event whose parent is missing
 * goes after all others, the oldest first: a change names what it replaces, so one that still fits replaces what its author
 * saw, and to leave it out would hide work that was saved. The order of the lines in the file is no matter.
 */
export function orderEvents(events: readonly EditEvent[]): EventOrder {
  const ids = new Set(events.map(({ id }) => id));
  const children = new Map<string | null, EditEvent[]>();
  for (const event of events) {
    const siblings = children.get(event.parent);
    if (siblings === undefined) children.set(event.parent, [event]);
    else siblings.push(event);
  }
  for (const siblings of children.values()) siblings.sort(compareEvents);

  const chain: EditEvent[] = [];
  const unplaced: Unplaced[] = [];
  const gaps = new Set<string>();
  const follow = (start: string | null) => {
    for (let at = start; ; ) {
      const [next, ...losers] = children.get(at) ?? [];
      for (const loser of losers) if (next !== undefined) unplaced.push(...lose(loser, next, children));
      if (next === undefined) return;
      chain.push(next);
      at = next.id;
    }
  };
  follow(null);
  const missing = [...children]
    .filter(([parent]) => parent !== null && !ids.has(parent))
    .flatMap(([, [first]]) => first ?? []);
  for (const { id, parent } of missing.sort(compareEvents)) {
    gaps.add(id);
    follow(parent);
  }
  const placed = new Set([...chain, ...unplaced.map(({ event }) => event)].map(({ id }) => id));
  const circular = events.filter(({ id }) => !placed.has(id)).sort(compareEvents);
  const reason = 'The events that it follows go round in a circle.';
  unplaced.push(...circular.map((event) => ({ event, code: 'circular-parent' as const, reason })));
  return { chain, unplaced, gaps };
}

/** The event that a new one of the same trace has to follow; null if there is none. */
export function tipOf(events: readonly EditEvent[]): string | null {
  return orderEvents(events).chain.at(-1)?.id ?? null;
}

/** An event of a branch that does not go on, and all that follows it. */
function lose(
  loser: EditEvent,
  winner: EditEvent,
  children: ReadonlyMap<string | null, readonly EditEvent[]>,
): Unplaced[] {
  const name = `${JSON.stringify(winner.label)} of ${winner.who}`;
  const lost: Unplaced[] = [
    { event: loser, code: 'conflict', reason: `It was made beside ${name}, which is older.` },
  ];
  const reason = `It follows an edit that was made beside ${name}, which is older.`;
  // The list grows while it is walked, so that it takes in the followers of followers.
  for (const { event } of lost) {
    for (const child of children.get(event.id) ?? []) lost.push({ event: child, code: 'conflict', reason });
  }
  return lost;
}
