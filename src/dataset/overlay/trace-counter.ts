import type { TraceRef } from './edit-event';

/** Names the items of a data file as they go by in their order, so that two of the same text are told apart. */
export class TraceCounter {
  private readonly seen = new Map<string, number>();

  /** The name of the next item, of which `hash` is the SHA-256 (hexadecimal). */
  next(hash: string): TraceRef {
    const occurrence = this.seen.get(hash) ?? 0;
    this.seen.set(hash, occurrence + 1);
    return { hash, occurrence };
  }

  /** Those of `traces` that have not gone by. */
  missing(traces: readonly TraceRef[]): TraceRef[] {
    return traces.filter(({ hash, occurrence }) => occurrence >= (this.seen.get(hash) ?? 0));
  }
}
