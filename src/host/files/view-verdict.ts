import type { PartVerdict, VerdictEvent } from '../../dataset/overlay/verdict-event';
import type { PlacedVerdict, Standing } from '../../dataset/overlay/verdicts';
import type { PartVerdictView, SaidVerdict, ViewVerdict } from '../../view/verdict';

/** What counts for a trace that can be judged, or for a part of it, for its view. */
export function toViewVerdict(standing: Standing<VerdictEvent | PartVerdict> | null): ViewVerdict {
  if (standing === null) return { verdict: 'pending', editedSince: false, said: null, others: [] };
  const { verdict, editedSince, said, others } = standing;
  return { verdict, editedSince, said: toSaid(said), others: others.map(toSaid) };
}

const toSaid = ({ verdict, who, at, reason, comment }: VerdictEvent | PartVerdict): SaidVerdict => ({
  ...{ verdict, who, at, reason: reason ?? null, comment: comment ?? null },
});

/** What counts for a part of a trace, for its view. */
export const toPartVerdict = ({ place, ...standing }: PlacedVerdict): PartVerdictView => ({
  ...{ turn: place.turn, shape: place.shape ?? null },
  ...toViewVerdict(standing),
});
