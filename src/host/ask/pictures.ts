import type { Trace, TraceKind } from '../../trace/trace';

/** What a question is asked about. */
export interface Pictures {
  readonly kind: TraceKind;
  /** Absolute paths, in the order in which the model sees them. */
  readonly files: readonly string[];
  /** Where they come from, if from another file. */
  readonly source: Trace['source'];
}
