import { resolve } from 'node:path';
import { readQuestions } from '../../dataset/read-questions';
import { openTraceFile } from '../../dataset/trace-file';
import { SAMPLE_DEFAULTS } from '../../sample/candidate';
import { fittingParallel, MOST_HERE } from '../../sample/fitting-parallel';
import { Rate } from '../../sample/rate';
import { SampleStopped, sampleCandidates } from '../../sample/sample-candidates';
import type { Tally } from '../../sample/tally';
import type { Args } from '../args';
import { CliError, EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import { MAX_TURNS } from '../evaluate-questions';
import type { Io } from '../io';
import { withKnownWeights } from '../known-weights';
import { MODEL_NOTES, MODEL_OPTIONS, type ModelChoice, readModelChoice, runLimits } from '../model-options';
import { modelFolder, openModel, openPixels } from '../parts';
import { Progress } from '../progress';
import { timeLeft } from '../time-left';
import { printable } from '../turn-printer';

/** Candidates at once of a server. */
const PARALLEL_REQUESTS = 4;

export const sample: Command = {
  name: 'sample',
  usage: 'QUESTIONS.json|jsonl -n N --out SET.traces.jsonl [options]',
  summary:
    'Draw several answers to each question, to keep the right ones in which the model corrects itself.',
  options: {
    n: { value: 'N', short: 'n', help: `candidates a question (${SAMPLE_DEFAULTS.candidates})` },
    out: {
      value: 'SET.traces.jsonl',
      help: 'a line a candidate; the same command goes on where it was stopped',
    },
    limit: { value: 'N', help: 'only the first N questions' },
    parallel: {
      value: 'N',
      help: `candidates at once (${PARALLEL_REQUESTS} of a server; here -n, up to ${MOST_HERE}, as memory allows)`,
    },
    ...MODEL_OPTIONS,
    temperature: {
      ...MODEL_OPTIONS.temperature,
      help: `how freely tokens are drawn (${SAMPLE_DEFAULTS.temperature})`,
    },
    'max-turns': {
      ...MODEL_OPTIONS['max-turns'],
      help: `${MODEL_OPTIONS['max-turns'].help} (${MAX_TURNS.maze} where a row has a grid_size, else ${MAX_TURNS.other})`,
    },
    json: { help: 'print the result as one JSON object' },
  },
  notes: `Questions are rows as \`vilasr eval\` takes them. A candidate is written and flushed as it ends; its trace has the id
QUESTION#NUMBER and records its seed, which follows from --seed, the question and the number alone: more candidates (-n) or
more questions may be added to a set later. A candidate on which the engine dies twice is recorded as failed.

A model on this machine says the next token of all candidates under way at once, which is several times as fast as one
after another, and reads what they begin with once. Their number may change a token's probability in the last digits, and
so, rarely, which token is drawn: only with --parallel 1 --provider cpu does the same command draw the same for sure.

The result counts candidates that are right, well-formed, reflective (with a real revision, see docs/scores.md), and kept:
all three. \`vilasr select\` writes those to a file of their own.

For a cold start a general model on a server is the teacher: --profile teacher tells it how to work. The plan, with every
number and the profile, is written beside the set, as SET.plan.json.

${MODEL_NOTES}`,
  examples: [
    'mazes/questions.jsonl -n 8 --out mazes.set.traces.jsonl',
    'rl.jsonl -n 4 --model http://localhost:8000 --profile teacher --out teacher.set.traces.jsonl',
    'rl.jsonl -n 16 --model http://localhost:8000 --parallel 32 --out rl.set.traces.jsonl --json',
  ],
  run,
};

async function run(args: Args, io: Io): Promise<ExitCode> {
  const [word = ''] = args.expectWords('The question file', 1, 1);
  const path = resolve(io.workingFolder, word);
  const wanted = readModelChoice(args, io);
  const sampling = {
    ...wanted.sampling,
    temperature: args.number('temperature', { min: 0 }) ?? SAMPLE_DEFAULTS.temperature,
  };
  const plan = { candidates: args.whole('n', { min: 1 }) ?? SAMPLE_DEFAULTS.candidates, sampling };
  const parallel = args.whole('parallel', { min: 1 });
  const limit = args.whole('limit', { min: 1 }) ?? Number.POSITIVE_INFINITY;
  const out = resolve(io.workingFolder, args.required('out'));
  const questions = await readQuestions(path, io.workingFolder, limit);
  const total = questions.length * plan.candidates;

  const open: { close(): Promise<void> }[] = [];
  const progress = new Progress(io);
  const rate = new Rate();
  try {
    const file = await openTraceFile(out);
    open.push(file);
    const choice = await withKnownWeights(wanted, file);
    const pixels = openPixels();
    open.push(pixels);
    const slots = parallel ?? (await defaultParallel(choice, plan.candidates));
    const { engine, profile } = await openModel({ ...choice, parallel: slots }, pixels, progress, io.signal);
    open.push(engine);
    const tally = await sampleCandidates(questions, file, {
      ...{ questionFile: path, plan, engine, pixels, profile, signal: io.signal },
      limitsOf: ({ gridSize }) =>
        runLimits(choice, engine.info.images, gridSize === null ? MAX_TURNS.other : MAX_TURNS.maze),
      parallel: slots,
      onCandidate: ({ id, finish, error }, counts, isNew) => {
        if (isNew) rate.add();
        if (isNew && finish === 'failed') {
          progress.clear();
          io.stderr.write(`${id} counts as failed: ${printable(error ?? '')}\n`);
        }
        progress.show(progressText(counts, total, rate));
      },
    });
    progress.clear();
    io.stdout.write(args.flag('json') ? `${JSON.stringify(tally)}\n` : table(tally, questions.length));
    return EXIT.answered;
  } catch (error) {
    throw error instanceof SampleStopped ? asCliError(error) : error;
  } finally {
    progress.clear();
    for (const part of open.reverse()) await part.close();
  }
}

async function defaultParallel(choice: ModelChoice, candidates: number): Promise<number> {
  const { source, weights, maxPixels } = choice;
  if (source.type === 'server') return PARALLEL_REQUESTS;
  return fittingParallel({ dir: modelFolder(source.dir), weights, maxPixels }, candidates);
}

function asCliError({ reason, message }: SampleStopped): CliError {
  if (reason === 'other-run') {
    const advice = 'Choose another file with --out, or go on with the options that were used.';
    return new CliError(EXIT.badInput, `${message} ${advice}`);
  }
  if (reason === 'no-set') return new CliError(EXIT.badInput, message);
  const exit = reason === 'cancelled' ? EXIT.notAnswered : EXIT.engineFailed;
  return new CliError(exit, `${message} What is done is in the file; the same command goes on.`);
}

function progressText(tally: Tally, total: number, rate: Rate): string {
  const { candidates, right, kept } = tally;
  const left = timeLeft(rate.pace(total - candidates));
  return `${candidates} of ${total} candidates, ${share(right, candidates)} right, ${share(kept, candidates)} kept${left}`;
}

function table({ candidates, right, wellFormed, reflective, kept }: Tally, questions: number): string {
  const row = (name: string, count: number) =>
    `${name.padEnd(14)}${String(count).padStart(8)}  ${share(count, candidates).padStart(7)}`;
  return [
    `questions     ${String(questions).padStart(8)}`,
    `candidates    ${String(candidates).padStart(8)}`,
    row('right', right),
    row('well-formed', wellFormed),
    row('reflective', reflective),
    row('kept', kept),
    '',
  ].join('\n');
}

const share = (count: number, of: number): string =>
  of === 0 ? '-' : `${((count / of) * 100).toFixed(1)} %`;
