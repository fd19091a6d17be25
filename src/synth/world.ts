import type { Drawing } from '../trace/drawing';
import { formatAnswerTurn, formatDrawingTurn } from '../trace/format-turn';
import type { RgbImage } from '../trace/geometry';
import type { Maze } from './maze';
import type { Scene } from './scene';

/**
 * A turn of a cold-start trace. `soundUntil` is the offset in `text` up to which it is right: a turn with a planted
 * mistake is only worth learning up to there, the turn that corrects it is worth learning whole.
 */
export interface SynthTurn {
  readonly text: string;
  readonly drawings: readonly Drawing[];
  readonly soundUntil: number;
}

/** One generated question with its picture, its true answer, and a trace that draws its way to it. */
export interface World {
  /** What the picture shows, as geometry. */
  readonly layout:
    | { readonly family: 'maze'; readonly maze: Maze }
    | { readonly family: 'scene'; readonly scene: Scene };
  readonly question: string;
  /** Lettered options (`A. left`), or none where the question itself names the letters or asks for a number. */
  readonly options: readonly string[];
  readonly type: 'multiple-choice' | 'numerical';
  readonly gold: string;
  /** What was asked for: `maze`, or the kind of scene question. */
  readonly task: string;
  readonly image: RgbImage;
  readonly turns: readonly SynthTurn[];
}

export function drawingTurn(think: string, drawings: readonly [Drawing, ...Drawing[]]): SynthTurn {
  const text = formatDrawingTurn(think, drawings);
  return { text, drawings, soundUntil: text.length };
}

/** A drawing turn that goes wrong: it is what `drawings` say, and differs from `meant` from some character on. */
export function mistakenTurn(
  think: string,
  drawings: readonly [Drawing, ...Drawing[]],
  meant: readonly [Drawing, ...Drawing[]],
): SynthTurn {
  const text = formatDrawingTurn(think, drawings);
  const right = formatDrawingTurn(think, meant);
  let soundUntil = 0;
  while (soundUntil < text.length && text[soundUntil] === right[soundUntil]) soundUntil++;
  return { text, drawings, soundUntil };
}

export function answerTurn(think: string, answer: string): SynthTurn {
  const text = formatAnswerTurn(think, answer);
  return { text, drawings: [], soundUntil: text.length };
}
