import type { TurnFindingCode } from '../trace/finding';
import { hasAnswerTags } from '../trace/format-rule';
import { drawTurn, type LineageImage } from '../trace/lineage';
import type { ParsedTurn } from '../trace/parse-turn';
import type { RunLimits, TraceFinish } from '../trace/trace';

/** What the loop does after a turn: it ends the trace, or paints images and lets the model look at them. */
export type NextStep =
  | { readonly type: 'end'; readonly finish: TraceFinish }
  | { readonly type: 'draw'; readonly images: readonly LineageImage[]; readonly final: boolean };

/** A turn that the model ended, or that ran out of tokens. */
export interface FinishedTurn {
  /** Counted from 0. */
  readonly number: number;
  readonly text: string;
  readonly parsed: ParsedTurn;
  readonly finish: 'stop' | 'length';
}

/** With one of these upstream fails over a drawing that it has found; the rest of the turn is not drawn either. */
const NOT_DRAWABLE: ReadonlySet<TurnFindingCode> = new Set<TurnFindingCode>([
  'missing-index',
  'bad-index',
  'bad-label',
  'bad-coordinates',
  'non-finite',
]);

/**
 * Upstream's rules, in their order. The last allowed turn ends the trace whatever it says, and so does one that ran out
 * of tokens or has both answer tags. Any other must draw: nothing drawn, or an image below 1, is a `ToolError`; a drawing
 * that cannot be carried out a `ToolGenError`; an image that does not exist an `IndexError`; a drawing where there are
 * `maxImages` images already is `TooManyImages`. `final`: before its next turn the model is told to answer, since that
 * turn is the last one or the limit of images is reached.
 *
 * Two differences: upstream's evaluation asks the same again where a drawing cannot be carried out or its image does not
 * exist (its training loop stops with `IndexError`), and it calls it `ToolError` if the first drawing of a turn has no
 * `index`.
 */
export function nextStep(turn: FinishedTurn, images: readonly LineageImage[], limits: RunLimits): NextStep {
  const { number, text, parsed, finish } = turn;
  if (finish === 'length') return { type: 'end', finish };
  if (number + 1 >= limits.maxTurns || hasAnswerTags(text)) return { type: 'end', finish: 'stop' };
  if (parsed.findings.some(({ code }) => NOT_DRAWABLE.has(code)))
    return { type: 'end', finish: 'ToolGenError' };
  if (parsed.drawings.length === 0) return { type: 'end', finish: 'ToolError' };
  const drawn = drawTurn(images, parsed, number, limits.maxImages);
  const fault = drawn.findings.find(({ severity }) => severity === 'error');
  if (fault) return { type: 'end', finish: fault.code === 'no-such-image' ? 'IndexError' : 'ToolError' };
  if (images.length >= limits.maxImages) return { type: 'end', finish: 'TooManyImages' };
  const final = number + 2 >= limits.maxTurns || images.length + drawn.images.length >= limits.maxImages;
  return { type: 'draw', images: drawn.images, final };
}
