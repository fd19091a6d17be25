/** Who says nothing for longer than this, in milliseconds, does something else. */
export const LONGEST_GAP = 5 * 60_000;

/** How long somebody reviewed, and how fast. */
export interface ActiveReview {
  readonly seconds: number;
  /** Null where no verdict followed another one soon enough to tell. */
  readonly perHour: number | null;
}

/**
 * The time between verdicts that follow each other within five minutes, and verdicts for an hour of that time. Longer gaps are
 * breaks: neither they nor the verdict that ends one, whose own time nobody knows, are counted.
 *
 * @param times when each verdict was said, in milliseconds, in any order.
 */
export function activeReview(times: readonly number[]): ActiveReview {
  const sorted = Float64Array.from(times).sort();
  let [active, verdicts] = [0, 0];
  for (let i = 1; i < sorted.length; i++) {
    const gap = (sorted[i] ?? 0) - (sorted[i - 1] ?? 0);
    if (gap > LONGEST_GAP) continue;
    active += gap;
    verdicts++;
  }
  return { seconds: active / 1000, perHour: active === 0 ? null : (verdicts * 3_600_000) / active };
}
