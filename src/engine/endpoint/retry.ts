/** How often, and how long after one another, a request is tried again. Times are in milliseconds. */
export interface RetryPolicy {
  /** Tries after the first one. */
  readonly times: number;
  /** Wait before the second try; it doubles from try to try. */
  readonly first: number;
  /** No wait is longer. A server that asks for a longer one is not waited for. */
  readonly longest: number;
}

export const DEFAULT_RETRY: RetryPolicy = { times: 5, first: 1000, longest: 60_000 };

/**
 * The wait before a try: what the server asked for (`Retry-After`), else a back-off that doubles, a quarter more or less
 * so that those who failed together do not come back together. Null if there shall be no such try.
 *
 * @param tries how many there were.
 */
export function waitBefore(tries: number, after: number | null, policy: RetryPolicy): number | null {
  if (tries > policy.times || (after !== null && after > policy.longest)) return null;
  if (after !== null) return after;
  const doubled = policy.first * 2 ** (tries - 1);
  return Math.min(policy.longest, doubled * (0.75 + Math.random() / 2));
}

/** `Retry-After` in milliseconds from `now`: whole seconds or an HTTP date (RFC 9110, 10.2.3); else null. */
export function retryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
