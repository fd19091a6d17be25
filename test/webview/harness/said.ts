import type { Verdict } from '../../../src/trace/verdict';
import type { ViewVerdict, Why } from '../../../src/view/verdict';

const NO_REASON: Why = { reason: null, comment: null };

/** What counts once somebody has said so. */
export const saidNow = (verdict: Verdict, why: Why | null): ViewVerdict => {
  const said = { verdict, who: 'ann', at: '2026-11-25T12:00:00.000Z', ...(why ?? NO_REASON) };
  return { verdict, editedSince: false, said, others: [] };
};
