import type { QuestionType } from '../trace/trace';

/**
 * Whether `answer` is right: 1 or 0. A missing answer is wrong. Both sides lose white space around them, and the gold its
 * `<answer>` tags if it has any.
 *
 * - Multiple choice and free form: the same characters. As upstream trains, `a` or `A. table` is no `A`.
 * - Numerical: the same number (`3` is `3.0`; commas may part thousands). An answer that is more than a number is wrong.
 *   Upstream's mean relative accuracy, which gives part of a point to a near miss, is another measure.
 */
export function accuracy(answer: string | null, gold: string, type: QuestionType): 0 | 1 {
  if (answer === null) return 0;
  const [said, right] = [answer.trim(), untagged(gold)];
  if (type !== 'numerical') return said === right ? 1 : 0;
  const [a, b] = [readNumber(said), readNumber(right)];
  return a !== null && a === b ? 1 : 0;
}

/** The text between the first `<answer>` and the `</answer>` after it, or all of it; without white space around. */
function untagged(gold: string): string {
  return (/<answer>(.*?)<\/answer>/s.exec(gold)?.[1] ?? gold).trim();
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\d{1,3}(?:,\d{3})+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A decimal number, or null if `text` is anything else. */
export function readNumber(text: string): number | null {
  return NUMBER.test(text) ? Number(text.replaceAll(',', '')) : null;
}
