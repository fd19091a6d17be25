import type { VerdictEvent } from '../overlay/verdict-event';
import { activeReview } from './active-review';
import type { Reviewer } from './report';

interface Tally {
  approved: number;
  rejected: number;
  needsEdit: number;
  readonly times: number[];
}

/** Counts what each reviewer said, as the traces go by. */
export class ReviewerTally {
  private readonly people = new Map<string, Tally>();

  /** @param events on one trace that were not taken back, the newest first. */
  add(events: readonly VerdictEvent[]): void {
    const seen = new Set<string>();
    for (const { who, at, verdict } of events) {
      const tally = this.people.get(who) ?? { approved: 0, rejected: 0, needsEdit: 0, times: [] };
      this.people.set(who, tally);
      tally.times.push(Date.parse(at));
      if (seen.has(who)) continue;
      seen.add(who);
      if (verdict === 'approved') tally.approved++;
      if (verdict === 'rejected') tally.rejected++;
      if (verdict === 'needs-edit') tally.needsEdit++;
    }
  }

  /** Who judged most first. */
  get result(): Reviewer[] {
    return [...this.people]
      .map(([who, { times, ...counts }]) => {
        const { seconds, perHour } = activeReview(times);
        const edge = (of: (a: number, b: number) => number) =>
          new Date(times.reduce((one, other) => of(one, other))).toISOString();
        const judged = counts.approved + counts.rejected + counts.needsEdit;
        const range = { first: edge(Math.min), last: edge(Math.max) };
        return { who, judged, ...counts, ...range, activeSeconds: seconds, perHour };
      })
      .sort((a, b) => b.judged - a.judged || (a.who < b.who ? -1 : 1));
  }
}
