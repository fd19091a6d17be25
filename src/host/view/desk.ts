import type { Result } from '../../protocol/contract';
import { score } from '../../score/score';
import { scoredTrace } from '../../score/scored-trace';
import type { Trace } from '../../trace/trace';
import type { Worth } from '../../view/compare';
import type { HostContract } from '../../view/trace-view';
import type { SourceList, TraceSource } from './source';

/** How the user likes to review. */
export interface ReviewHabits {
  /** Reasons to choose from by a key, at most nine. */
  readonly reasons: string[];
  /** Whether a verdict leads to the next trace. */
  readonly advance: boolean;
}

/** What of a source a review needs. */
type Reviewed = Pick<TraceSource, 'index' | 'subject'> & {
  readonly list: Pick<SourceList, 'candidates'> | null;
};

type DeskResult = Result<HostContract, 'desk'>;

/** What a review of the trace that a source shows needs. */
export async function deskOf(source: Reviewed, habits: ReviewHabits): Promise<DeskResult> {
  const { index } = source;
  const candidates = source.list?.candidates(index) ?? [];
  const trace = (await source.subject())?.trace ?? null;
  const { score, flags } = trace === null ? { score: null, flags: [] } : worthOf(trace);
  return { ...habits, index, candidates, score, flags };
}

/** An edit makes another trace, so that what one is worth stays as it is. */
const known = new WeakMap<Trace, Worth>();

/** What a trace is worth; worked out once, however often a view asks. */
export function worthOf(trace: Trace): Worth {
  const before = known.get(trace);
  if (before !== undefined) return before;
  const { accuracy, format, reflection, reward, flags } = score(scoredTrace(trace));
  const isKnown = accuracy !== null && reward !== null;
  const worth = { score: isKnown ? { accuracy, format, reflection, reward } : null, flags };
  known.set(trace, worth);
  return worth;
}
