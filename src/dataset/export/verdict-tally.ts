import { VERDICTS } from '../../trace/verdict';
import type { TraceVerdict } from '../overlay/verdicts';

/** Which traces of a data file are exported: those that are approved as they are exported, or all, whatever was said. */
export type ExportChoice = 'approved' | 'all';

/** What counts for a trace, with those apart that were edited since, and of which nobody said anything. */
export const STANDINGS = [...VERDICTS, 'edited-since', 'not-judged'] as const;
export type Standing = (typeof STANDINGS)[number];

/** What a manifest says of verdicts. */
export interface VerdictRecord {
  readonly exported: ExportChoice;
  /** Traces of the source by what counts for them. */
  readonly counts: Readonly<Record<Standing, number>>;
  /** Who said what was said last of a trace, and of how many. */
  readonly reviewers: readonly { readonly who: string; readonly verdicts: number }[];
}

/** Counts the verdicts on traces as they go by, and says which are exported. */
export class VerdictTally {
  private readonly counts: Record<Standing, number> = {
    ...{ approved: 0, rejected: 0, 'needs-edit': 0, pending: 0 },
    ...{ 'edited-since': 0, 'not-judged': 0 },
  };
  private readonly reviewers = new Map<string, number>();

  constructor(private readonly choice: ExportChoice) {}

  /** Whether a trace is exported for which this counts. */
  add(standing: TraceVerdict | null): boolean {
    this.counts[standingOf(standing)]++;
    if (standing !== null) {
      const { who } = standing.said;
      this.reviewers.set(who, (this.reviewers.get(who) ?? 0) + 1);
    }
    return this.choice === 'all' || standing?.verdict === 'approved';
  }

  /** How many were left out of which nobody said anything: too many to be named. */
  get unnamed(): number {
    return this.choice === 'all' ? 0 : this.counts['not-judged'];
  }

  get record(): VerdictRecord {
    const reviewers = [...this.reviewers].map(([who, verdicts]) => ({ who, verdicts }));
    return {
      exported: this.choice,
      counts: { ...this.counts },
      reviewers: reviewers.sort((a, b) => (a.who < b.who ? -1 : 1)),
    };
  }
}

/** Why a trace that was judged is left out, for people. */
export function whyLeftOut({ said, editedSince }: TraceVerdict): string {
  const { who, verdict, reason } = said;
  const why = reason === undefined ? '.' : `: ${reason}`;
  const did = {
    ...{ approved: 'approved it', rejected: 'rejected it' },
    ...{ 'needs-edit': 'sent it back', pending: 'cleared its verdict' },
  };
  return editedSince ? `It was edited since ${who} ${did[verdict]}.` : `${who} ${did[verdict]}${why}`;
}

/** For people: how many traces there are, by what counts for them. */
export function describeCounts({ counts }: VerdictRecord): string {
  const words = {
    ...{ approved: 'approved', rejected: 'rejected', 'needs-edit': 'to be edited', pending: 'pending' },
    ...{ 'edited-since': 'edited since they were judged', 'not-judged': 'not judged' },
  };
  const named = (Object.keys(words) as (keyof typeof words)[]).filter((key) => counts[key] > 0);
  return named.map((key) => `${counts[key]} ${words[key]}`).join(', ');
}

/** What counts for a trace, by the name that it is counted under. */
export function standingOf(standing: TraceVerdict | null): Standing {
  if (standing === null) return 'not-judged';
  return standing.editedSince ? 'edited-since' : standing.verdict;
}
