import type { Verdict } from '../../trace/verdict';
import { totalOf, type VerdictCounts } from './report';

/** Nothing counted yet. */
export const noCounts = (): VerdictCounts => ({ approved: 0, rejected: 0, 'needs-edit': 0, pending: 0 });

/** Counts traces by a name and by what counts for them. */
export class Breakdown<N extends string> {
  private readonly rows = new Map<N, VerdictCounts>();

  add(name: N, verdict: Verdict): void {
    const counts = this.rows.get(name) ?? noCounts();
    this.rows.set(name, counts);
    counts[verdict]++;
  }

  /** The most frequent first, else by name. */
  get result(): { name: N; counts: VerdictCounts }[] {
    return [...this.rows]
      .map(([name, counts]) => ({ name, counts }))
      .sort((a, b) => totalOf(b.counts) - totalOf(a.counts) || (a.name < b.name ? -1 : 1));
  }
}
