export const VERDICTS = ['approved', 'rejected', 'needs-edit', 'pending'] as const;
/** What was decided about a trace. `pending`: nothing, or nothing that still holds. */
export type Verdict = (typeof VERDICTS)[number];
