import { dirname } from 'node:path';
import { pathFrom } from '../dataset/path-from';
import type { FoundQuestion } from '../dataset/read-questions';
import type { TraceFile } from '../dataset/trace-file';
import type { Engine } from '../engine/engine';
import type { PixelService } from '../image/pixel-service';
import { type PromptProfile, profileHash } from '../reason/profile';
import type { Job } from '../reason/reason';
import { askQuestion } from '../sample/ask-question';
import { type ExpectedRun, runDifferences } from '../sample/run-differences';
import { type Evaluation, scoreTrace, summarise, type TraceScore } from '../score/evaluation';
import type { Trace } from '../trace/trace';
import { badInput, CliError, EXIT } from './cli-error';
import { explainFinish, plural } from './describe-trace';
import { type ModelChoice, runLimits } from './model-options';

/** Most turns of a question, as upstream has it: mazes, which have a grid size, get twice as many. */
export const MAX_TURNS = { maze: 20, other: 10 };

export interface EvaluationSetup {
  readonly questionFile: string;
  readonly choice: ModelChoice;
  readonly engine: Engine;
  readonly pixels: PixelService;
  readonly profile: PromptProfile;
  /** False feeds undrawn images back. */
  readonly drawing: boolean;
  readonly signal: AbortSignal;
  /** Told of a question that counts as not answered because the engine broke on it. */
  readonly onBreak: (trace: Trace) => void;
  /** Told all scores so far after each question. */
  readonly onScore: (scores: readonly TraceScore[]) => void;
}

/** Questions on which the engine broke, one after another, before the evaluation stops: then it isn't the questions. */
const MOST_BREAKS = 3;

/**
 * Answers the questions that `file` has no trace of yet and appends their traces one by one, so that nothing is lost or
 * done twice if it is stopped at any moment. A question on which the engine breaks, and breaks again, counts as not
 * answered: its trace says so, and the next question is asked of a fresh engine. Throws `CliError`: if the file holds traces of
 * another run, if the engine cannot be started again or keeps breaking, and when it is cancelled.
 */
export async function evaluateQuestions(
  questions: readonly FoundQuestion[],
  file: TraceFile,
  setup: EvaluationSetup,
): Promise<Evaluation> {
  const known = await knownScores(questions, file, setup);
  const scores = [...known.values()];
  const done = () =>
    `${plural(scores.length, 'question')} of ${questions.length} done; the same command goes on`;
  let breaks = 0;
  for (const question of questions) {
    if (known.has(question.id)) continue;
    if (breaks === MOST_BREAKS) {
      throw new CliError(
        EXIT.engineFailed,
        `The engine broke on ${breaks} questions, one after another. Take their lines out of ${file.path} to have them ` +
          `asked again. ${done()}.`,
      );
    }
    const { choice, engine, pixels, profile, drawing, signal } = setup;
    const { trace, failure } = await askQuestion(makeJob(question, file, setup), {
      ...{ engine, pixels, profile, drawing, signal },
      limits: limitsOf(question, setup),
      sampling: choice.sampling,
    });
    if (trace.finish === 'cancelled') throw new CliError(EXIT.notAnswered, `Cancelled. ${done()}.`);
    if (failure === 'no-engine') {
      throw new CliError(EXIT.engineFailed, `${question.id}: ${explainFinish(trace)} ${done()}.`);
    }
    await file.append(trace);
    scores.push(scoreTrace(trace));
    breaks = failure === 'broke' ? breaks + 1 : 0;
    if (failure === 'broke') setup.onBreak(trace);
    setup.onScore(scores);
  }
  return summarise(scores);
}

function limitsOf({ gridSize }: FoundQuestion, { choice, engine }: EvaluationSetup) {
  return runLimits(choice, engine.info.images, gridSize === null ? MAX_TURNS.other : MAX_TURNS.maze);
}

function makeJob(question: FoundQuestion, file: TraceFile, { questionFile }: EvaluationSetup): Job {
  const folder = dirname(file.path);
  const { id, line, gridSize, images } = question;
  return {
    id,
    question: question.question,
    images: images.map((image) => ({ path: pathFrom(folder, image), file: image })),
    source: { questions: pathFrom(folder, questionFile), line, gridSize },
  };
}

/** The scores of the questions that the file has traces of, by their ids. */
async function knownScores(
  questions: readonly FoundQuestion[],
  file: TraceFile,
  setup: EvaluationSetup,
): Promise<Map<string, TraceScore>> {
  const asked = new Map(questions.map((question) => [question.id, question]));
  const scores = new Map<string, TraceScore>();
  for await (const trace of file.traces()) {
    const question = asked.get(trace.id);
    if (question === undefined || scores.has(trace.id)) continue;
    const differs = runDifferences(trace, question.question, expectedRun(question, setup));
    if (differs.length > 0) {
      const what = differs.join(', ');
      throw badInput(
        `${file.path} holds traces of another run (different ${what}, seen at ${trace.id}). ` +
          'Choose another file with --out, or go on with the options that were used.',
      );
    }
    scores.set(trace.id, scoreTrace(trace));
  }
  return scores;
}

function expectedRun(question: FoundQuestion, setup: EvaluationSetup): ExpectedRun {
  const { engine, profile, choice, drawing } = setup;
  const { model, hash, weights } = engine.info;
  return {
    ...{ model, hash, weights, profile: profileHash(profile), limits: limitsOf(question, setup) },
    ...{ sampling: choice.sampling, drawing },
  };
}
