import type { Question } from '../reason/question';
import type { Run, Trace } from '../trace/trace';

/** What a run records that must be the same for its traces to stand in one file. */
export type ExpectedRun = Pick<
  Run,
  'model' | 'hash' | 'weights' | 'profile' | 'limits' | 'sampling' | 'drawing'
>;

const NAMES: Readonly<Record<keyof ExpectedRun, string>> = {
  ...{ model: 'model', hash: 'checkpoint', weights: 'weights', profile: 'profile', limits: 'limits' },
  ...{ sampling: 'sampling', drawing: 'use of --no-drawing' },
};

/** What a run that goes on would record differently of a question than the trace that is there, by name. */
export function runDifferences(trace: Trace, question: Question, expected: ExpectedRun): string[] {
  const { run } = trace;
  const asked = [question.text, question.options, question.type, question.gold];
  const answered = [trace.question, trace.options, trace.type, trace.gold];
  // Where a process died as it read the images, the loop had not begun: there is no run to compare.
  const unbegun = run === null && trace.finish === 'failed';
  const keys: readonly (keyof ExpectedRun)[] = unbegun
    ? []
    : ['model', 'hash', 'weights', 'profile', 'limits', 'sampling', 'drawing'];
  // A checkpoint goes by several names; with one hash it is the same.
  const sameCheckpoint = run?.hash === expected.hash && expected.hash !== null;
  return [
    ...(same(asked, answered) ? [] : ['questions']),
    ...keys
      .filter((key) => !same(run?.[key], expected[key]) && !(key === 'model' && sameCheckpoint))
      .map((key) => NAMES[key]),
  ];
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
