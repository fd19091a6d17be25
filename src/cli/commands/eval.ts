import { resolve } from 'node:path';
import { readQuestions } from '../../dataset/read-questions';
import { openTraceFile } from '../../dataset/trace-file';
import { type Evaluation, summarise, type TraceScore } from '../../score/evaluation';
import type { Args } from '../args';
import { EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import { evaluateQuestions, MAX_TURNS } from '../evaluate-questions';
import type { Io } from '../io';
import { withKnownWeights } from '../known-weights';
import { MODEL_NOTES, MODEL_OPTIONS, readModelChoice } from '../model-options';
import { openModel, openPixels } from '../parts';
import { Progress } from '../progress';
import { printable } from '../turn-printer';

export const evaluate: Command = {
  name: 'eval',
  usage: 'QUESTIONS.json|jsonl --out FILE.traces.jsonl [options]',
  summary: 'Let a model answer a file of questions and count how many answers are right.',
  options: {
    out: {
      value: 'FILE.traces.jsonl',
      help: 'a line a question; the same command goes on where it was stopped',
    },
    limit: { value: 'N', help: 'only the first N questions' },
    'no-drawing': { help: 'feed each image back without the drawing, to see what drawing is worth' },
    ...MODEL_OPTIONS,
    weights: {
      ...MODEL_OPTIONS.weights,
      help: 'how to hold the weights (as the file has it, else fp32 if memory allows, else int8)',
    },
    'max-turns': {
      ...MODEL_OPTIONS['max-turns'],
      help: `${MODEL_OPTIONS['max-turns'].help} (${MAX_TURNS.maze} where a row has a grid_size, else ${MAX_TURNS.other})`,
    },
    json: { help: 'print the result as one JSON object' },
  },
  notes: `Rows have the fields question, answer, image_path (a list), problem_type (multiple choice, numerical,
regression, free-form or vci) and, if they like, question_id, options, data_type and grid_size. An image path
starts from the folder of the question file or, if nothing is there, from the working folder.

An answer is right if it is the gold, character by character; to numerical and regression questions, if it is the
same number. The result counts turns, boxes, lines and seconds over all questions; wellFormedTurns is the share of
turns that hold to the format.

If the engine dies on a question, or a server fails, it is asked once more. If that happens again, the trace of the
question says so, the question counts as not answered, and the next one is asked; take its line out of the file to have
it asked again. After three such questions one after another the evaluation stops, with exit code 3.

${MODEL_NOTES}`,
  examples: [
    'mazes/questions.jsonl --out mazes.traces.jsonl',
    'mazes/questions.jsonl --limit 50 --no-drawing --out undrawn.traces.jsonl --json',
    'mazes/questions.jsonl --model http://localhost:8000 --max-tokens 4096 --out served.traces.jsonl',
  ],
  run,
};

async function run(args: Args, io: Io): Promise<ExitCode> {
  const [word = ''] = args.expectWords('The question file', 1, 1);
  const path = resolve(io.workingFolder, word);
  const wanted = readModelChoice(args, io);
  const limit = args.whole('limit', { min: 1 }) ?? Number.POSITIVE_INFINITY;
  const out = resolve(io.workingFolder, args.required('out'));
  const questions = await readQuestions(path, io.workingFolder, limit);

  const open: { close(): Promise<void> }[] = [];
  const progress = new Progress(io);
  try {
    const file = await openTraceFile(out);
    open.push(file);
    const choice = await withKnownWeights(wanted, file);
    const pixels = openPixels();
    open.push(pixels);
    const { engine, profile } = await openModel(choice, pixels, progress, io.signal);
    open.push(engine);
    const evaluation = await evaluateQuestions(questions, file, {
      questionFile: path,
      choice,
      pixels,
      engine,
      profile,
      drawing: !args.flag('no-drawing'),
      signal: io.signal,
      onBreak: ({ id, error }) => {
        progress.clear();
        io.stderr.write(`${id} counts as not answered: ${printable(error ?? '')}\n`);
      },
      onScore: (scores) => progress.show(progressText(scores, questions.length)),
    });
    progress.clear();
    io.stdout.write(args.flag('json') ? `${JSON.stringify(evaluation)}\n` : table(evaluation));
    return EXIT.answered;
  } finally {
    progress.clear();
    for (const part of open.reverse()) await part.close();
  }
}

function progressText(scores: readonly TraceScore[], total: number): string {
  const { questions, accuracy } = summarise(scores);
  return `${questions} of ${total} questions, accuracy ${share(accuracy)}`;
}

function table({ questions, accuracy, wellFormedTurns, turns, boxes, lines, seconds }: Evaluation): string {
  return `questions           ${questions}
accuracy            ${share(accuracy)}
well-formed turns   ${share(wellFormedTurns)}
turns               ${turns}
boxes               ${boxes}
lines               ${lines}
seconds             ${seconds.toFixed(1)}
`;
}

const share = (value: number): string => `${(value * 100).toFixed(1)} %`;
