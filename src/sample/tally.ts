import { type Score, score } from '../score/score';
import { scoredTrace } from '../score/scored-trace';
import type { Trace } from '../trace/trace';

/** What the candidates of a set come to so far. All are counts. */
export interface Tally {
  readonly candidates: number;
  /** See `Score.accuracy`: more than nothing. */
  readonly right: number;
  readonly wellFormed: number;
  /** With at least one real revision. */
  readonly reflective: number;
  /** All three: what reflective rejection sampling keeps (the paper's Eq. 6). */
  readonly kept: number;
}

export const EMPTY_TALLY: Tally = { candidates: 0, right: 0, wellFormed: 0, reflective: 0, kept: 0 };

export function addToTally(tally: Tally, trace: Trace): Tally {
  const { accuracy, format, reflection }: Score = score(scoredTrace(trace));
  const right = trace.finish === 'stop' && accuracy !== null && accuracy > 0;
  const keeps = right && format === 1 && reflection === 1;
  return {
    candidates: tally.candidates + 1,
    right: tally.right + Number(right),
    wellFormed: tally.wellFormed + format,
    reflective: tally.reflective + reflection,
    kept: tally.kept + Number(keeps),
  };
}
