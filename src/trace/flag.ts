/** What a reward does not see. `docs/scores.md` explains each. */
export const FLAGS = [
  'answered-without-drawing',
  'duplicate-drawing',
  'unsupported-answer',
  'answer-in-wrong-turn',
  'degenerate-loop',
  'number-from-index',
  'same-trace',
  'upstream-raises',
] as const;
export type Flag = (typeof FLAGS)[number];
