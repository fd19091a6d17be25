import type { VerdictEvent } from '../../../../src/dataset/overlay/verdict-event';
import { idOf, type SourceTrace } from '../overlay/edits';

/** A verdict on a trace as it is in its file, `number` minutes after noon. */
export function said(
  { ref }: Pick<SourceTrace, 'ref'>,
  number: number,
  who: string,
  verdict: VerdictEvent['verdict'],
  more: Partial<VerdictEvent> = {},
): VerdictEvent {
  return {
    ...{ format: 'vilasr.edit/1', type: 'verdict', id: idOf(number), who, trace: ref, verdict, of: ref.hash },
    at: new Date(Date.UTC(2026, 10, 25, 12, number)).toISOString(),
    ...more,
  };
}
