import { TRACE_FINISHES, type TraceFinish } from '../../../trace/trace';

/** Those that only this product's own loop says. */
const OURS: readonly TraceFinish[] = ['cancelled', 'failed'];

/** What upstream's `finish_reason` means; null where it says nothing that is known. */
export function upstreamFinish(reason: unknown): TraceFinish | null {
  if (reason === 'max_tokens') return 'length';
  return TRACE_FINISHES.find((known) => known === reason && !OURS.includes(known)) ?? null;
}
