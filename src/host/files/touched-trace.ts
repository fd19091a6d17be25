import type { TraceRef } from '../../dataset/overlay/edit-event';
import type { PairCount } from '../../dataset/report/agreement';

/** A trace to which something was done. */
export interface TouchedTrace {
  readonly ref: TraceRef;
  readonly hasEdits: boolean;
  /** Another one whenever more was done to it. */
  readonly last: string;
  /** How far those agree who judged it. */
  readonly agreement: PairCount;
}
