import type { VerdictEvent } from '../../dataset/overlay/verdict-event';
import type { TraceVerdict } from '../../dataset/overlay/verdicts';
import type { SaidVerdict, ViewVerdict } from '../../view/verdict';

/** What counts for a trace that can be judged, for its view. */
export function toViewVerdict(standing: TraceVerdict | null): ViewVerdict {
  if (standing === null) return { verdict: 'pending', editedSince: false, said: null, others: [] };
  const { verdict, editedSince, said, others } = standing;
  return { verdict, editedSince, said: toSaid(said), others: others.map(toSaid) };
}

const toSaid = ({ verdict, who, at, reason, comment }: VerdictEvent): SaidVerdict => ({
  ...{ verdict, who, at, reason: reason ?? null, comment: comment ?? null },
});
