import { t } from '@vscode/l10n';
import type { Result } from '../../../src/protocol/contract';
import { type ListQuery, WHOLE_LIST } from '../../../src/view/trace-list';
import type { HostContract } from '../../../src/view/trace-view';
import type { Why } from '../../../src/view/verdict';

/** What the host says that a review of the trace needs, or a comparison of it with others. */
export type Desk = Result<HostContract, 'desk'>;

/** A verdict that was said in this review: on which trace or on a part of which, by its number in the file and its key, and when, in milliseconds. */
export interface Judged {
  readonly index: number;
  readonly key: string;
  readonly at: number;
  /** Whether it was on a part of the trace alone. */
  readonly part: boolean;
}

/** What was chosen and written for a verdict to come. */
interface ToSay {
  readonly reasons: readonly string[];
  readonly comment: string;
}

/** The review of the traces of a list, one after the other. */
export interface ReviewPane extends ToSay {
  readonly open: boolean;
  /** Whether it has just begun, so that the first trace of the list is to be shown. */
  readonly begins: boolean;
  /** Null until the host has answered. */
  readonly desk: Desk | null;
  readonly reasons: readonly string[];
  readonly comment: string;
  /** That of traces that were left without a verdict, by their keys: who comes back finds it. */
  readonly left: ReadonlyMap<string, ToSay>;
  /** Whether the file is still being read, so that the list may have more. */
  readonly reading: boolean;
  /** Since the view was opened, the newest last. */
  readonly judged: readonly Judged[];
  /** Whether the sheet of keys is to be seen. */
  readonly keys: boolean;
}

export const NO_REVIEW: ReviewPane = {
  ...{ open: false, begins: false, desk: null, reasons: [], comment: '', left: new Map() },
  ...{ reading: false, judged: [], keys: false },
};

/** What is reviewed unless the list was filtered: what nobody has judged, is right, and in which the model corrects itself. */
export const QUEUE: ListQuery = {
  ...WHOLE_LIST,
  filters: { ...WHOLE_LIST.filters, verdict: ['pending'], correct: ['right'], revisions: ['some'] },
};

/** Whatever nobody has judged. */
export const ALL_PENDING: ListQuery = {
  ...WHOLE_LIST,
  filters: { ...WHOLE_LIST.filters, verdict: ['pending'] },
};

/** What is to be said of one trace is not said of another, but kept for it. */
export function goOn(review: ReviewPane, from: string | null, to: string | null): ReviewPane {
  const { reasons, comment } = review;
  const left = new Map(review.left);
  if (from !== null) left.delete(from);
  if (from !== null && (reasons.length > 0 || comment !== '')) left.set(from, { reasons, comment });
  const kept = to === null ? undefined : left.get(to);
  return { ...review, left, reasons: kept?.reasons ?? [], comment: kept?.comment ?? '' };
}

/** Takes a reason, or leaves it again, and says so; null where there are fewer than its number. */
export function toggleReason(
  review: ReviewPane,
  number: number,
): { readonly review: ReviewPane; readonly announcement: string } | null {
  const reason = review.desk?.reasons[number - 1];
  if (!review.open || reason === undefined) return null;
  const isChosen = review.reasons.includes(reason);
  const reasons = isChosen ? review.reasons.filter((one) => one !== reason) : [...review.reasons, reason];
  const announcement = isChosen ? t('{0}: left out', reason) : t('{0}: chosen', reason);
  return { review: { ...review, reasons }, announcement };
}

/** What is said with a verdict; several reasons stand side by side. */
export function whyOf({ reasons, comment }: ReviewPane): Why {
  return { reason: reasons.join('; ') || null, comment: comment.trim() || null };
}

/** Verdicts that the rate looks back on. */
const RECENT = 20;

/** Traces an hour, by the newest ones; null before there are two. */
export function ratePerHour(judged: readonly Judged[]): number | null {
  const recent = judged.filter(({ part }) => !part).slice(-RECENT);
  const [first, last] = [recent[0], recent.at(-1)];
  if (first === undefined || last === undefined || last.at <= first.at) return null;
  return Math.round(((recent.length - 1) * 3_600_000) / (last.at - first.at));
}

/** How many traces that are like those in the list, but for their verdict, were judged, of how many. */
export function progressOf(verdicts: readonly { readonly value: string; readonly count: number }[]): {
  readonly done: number;
  readonly total: number;
} {
  let [done, total] = [0, 0];
  for (const { value, count } of verdicts) {
    total += count;
    if (value !== 'pending') done += count;
  }
  return { done, total };
}
