import type { Result } from '../../protocol/contract';
import { score } from '../../score/score';
import { scoredTrace } from '../../score/scored-trace';
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

/** What a review of the trace that a source shows needs. */
export async function deskOf(source: Reviewed, habits: ReviewHabits): Promise<Result<HostContract, 'desk'>> {
  const candidates = source.list?.candidates(source.index) ?? [];
  const trace = (await source.subject())?.trace ?? null;
  if (trace === null) return { ...habits, candidates, score: null, flags: [] };
  const { accuracy, format, reflection, reward, flags } = score(scoredTrace(trace));
  const known = accuracy === null || reward === null ? null : { accuracy, format, reflection, reward };
  return { ...habits, candidates, score: known, flags: [...flags] };
}
