import { dirname } from 'node:path';
import { accuracy } from '../../score/accuracy';
import type { Trace } from '../../trace/trace';

/** What came of a run, in a word. `answered`: nobody knows the right answer. */
export type Outcome = 'right' | 'wrong' | 'answered' | 'unanswered' | 'stopped' | 'failed';

/** A run as a list shows it. */
export interface RunSummary {
  readonly id: string;
  readonly question: string;
  /** Name of the model; null if none came to speak. */
  readonly model: string | null;
  readonly outcome: Outcome;
  readonly answer: string | null;
  readonly turns: number;
  /** ISO 8601, UTC; null if the model was not opened. */
  readonly startedAt: string | null;
  readonly error: string | null;
  /** The folders that its images lie in. */
  readonly folders: readonly string[];
}

export function summarise(trace: Trace): RunSummary {
  const { id, question, run, answer, turns, error, images } = trace;
  return {
    id,
    question,
    model: run?.model ?? null,
    outcome: outcomeOf(trace),
    answer,
    turns: turns.length,
    startedAt: run?.startedAt ?? null,
    error,
    folders: [...new Set(images.map(({ path }) => dirname(path)))],
  };
}

function outcomeOf(trace: Trace): Outcome {
  if (trace.finish === 'cancelled') return 'stopped';
  if (trace.finish === 'failed') return 'failed';
  if (trace.answer === null) return 'unanswered';
  const correct = isCorrect(trace);
  return correct === null ? 'answered' : correct ? 'right' : 'wrong';
}

/** Whether the answer is right; null where no right answer is known or none was given. */
export function isCorrect({ answer, gold, type }: Trace): boolean | null {
  return answer === null || gold === null ? null : accuracy(answer, gold, type) === 1;
}
