import { isLine } from '../trace/drawing';
import { parseTurn } from '../trace/parse-turn';
import type { Trace } from '../trace/trace';
import { accuracy } from './accuracy';

/** What an evaluation says of one trace. */
export interface TraceScore {
  /** See `accuracy`; 0 where the trace was stopped before it answered, or has no gold. */
  readonly accuracy: number;
  readonly turns: number;
  readonly wellFormedTurns: number;
  /** Boxes and lines that the turns draw. */
  readonly boxes: number;
  readonly lines: number;
  readonly seconds: number;
}

/** All traces of an evaluation together. Counts and seconds are sums. */
export interface Evaluation {
  readonly questions: number;
  /** Mean, 0..1. */
  readonly accuracy: number;
  /** Share of all turns that hold to the format, 0..1. */
  readonly wellFormedTurns: number;
  readonly turns: number;
  readonly boxes: number;
  readonly lines: number;
  readonly seconds: number;
}

/** A turn that was cut off from outside says nothing of the model and isn't counted. */
export function scoreTrace(trace: Trace): TraceScore {
  const turns = trace.turns.filter(({ finish }) => finish === 'stop' || finish === 'length');
  const drawings = turns.flatMap((turn) => turn.drawings);
  const answer = trace.finish === 'stop' ? trace.answer : null;
  return {
    accuracy: trace.gold === null ? 0 : accuracy(answer, trace.gold, trace.type),
    turns: turns.length,
    wellFormedTurns: turns.filter(({ text }) => parseTurn(text).wellFormed).length,
    boxes: drawings.filter((drawing) => !isLine(drawing)).length,
    lines: drawings.filter(isLine).length,
    seconds: trace.run?.seconds ?? 0,
  };
}

export function summarise(scores: readonly TraceScore[]): Evaluation {
  const sum = (of: keyof TraceScore) => scores.reduce((total, score) => total + score[of], 0);
  const turns = sum('turns');
  return {
    questions: scores.length,
    accuracy: scores.length > 0 ? sum('accuracy') / scores.length : 0,
    wellFormedTurns: turns > 0 ? sum('wellFormedTurns') / turns : 0,
    turns,
    boxes: sum('boxes'),
    lines: sum('lines'),
    seconds: Math.round(sum('seconds') * 1000) / 1000,
  };
}
