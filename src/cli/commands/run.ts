import { basename, dirname, extname, resolve } from 'node:path';
import { makeFolder } from '../../dataset/line-file';
import { pathFrom } from '../../dataset/path-from';
import { openTraceFile } from '../../dataset/trace-file';
import type { Pixels } from '../../image/child-pixel-service';
import type { PixelService } from '../../image/pixel-service';
import type { Question } from '../../reason/question';
import { type Job, type ReasonEvent, reason } from '../../reason/reason';
import { unspokenTrace } from '../../sample/unspoken-trace';
import type { Size } from '../../trace/geometry';
import { QUESTION_TYPES, type Trace } from '../../trace/trace';
import { writeTrace } from '../../trace/trace-line';
import type { Args } from '../args';
import { badUsage, EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import { explainFinish, isAnswered } from '../describe-trace';
import { ImageFiles } from '../image-files';
import type { Io } from '../io';
import { MODEL_NOTES, MODEL_OPTIONS, type ModelChoice, readModelChoice, runLimits } from '../model-options';
import { openModel, openPixels } from '../parts';
import { type LoopReporter, printable, TurnCounter, TurnPrinter } from '../turn-printer';

/** Enough for a maze; the loop ends at the answer anyway. */
const MAX_TURNS = 20;

export const run: Command = {
  name: 'run',
  usage: 'IMAGE... --question TEXT [options]',
  summary: 'Ask a model about images and watch it think, draw and look until it answers.',
  options: {
    question: { value: 'TEXT', help: 'what to ask' },
    option: {
      value: 'TEXT',
      multiple: true,
      help: 'a choice to answer with, as in "A. table"; once for each',
    },
    type: {
      value: QUESTION_TYPES.join('|'),
      help: 'what kind of answer is wanted (multiple-choice if there are options, else free-form)',
    },
    video: { help: 'the images are frames of one video, in order (else they are views of one scene)' },
    ...MODEL_OPTIONS,
    'max-turns': { ...MODEL_OPTIONS['max-turns'], help: `${MODEL_OPTIONS['max-turns'].help} (${MAX_TURNS})` },
    out: { value: 'FILE.traces.jsonl', help: 'append the trace to this file, whatever its end' },
    'images-out': {
      value: 'DIR',
      help: 'write every image as the model sees it: image-1.png, image-2.png, …',
    },
    json: { help: 'print the finished trace, and nothing else, on stdout' },
  },
  notes: `${MODEL_NOTES}

Exit codes: 0 answered; 1 not answered, or cancelled with Ctrl-C; 2 bad input; 3 the engine failed.`,
  examples: [
    'maze.png --question "Which letter does the path reach? Moves: 1 up, 2 left." --type multiple-choice',
    'room.jpg --question "How many chairs are there?" --type numerical --out room.traces.jsonl',
    'left.png right.png --question "Where is the door?" --option "A. left" --option "B. right" --model ~/ViLaSR-7B',
    'room.jpg --question "How many chairs are there?" --model http://localhost:8000 --served-model ViLaSR-7B',
  ],
  run: runCommand,
};

async function runCommand(args: Args, io: Io): Promise<ExitCode> {
  const inWorkingFolder = (path: string) => resolve(io.workingFolder, path);
  const files = args.expectWords('An image', 1, Number.POSITIVE_INFINITY).map(inWorkingFolder);
  const question = readQuestion(args, files.length);
  const choice = readModelChoice(args, io);
  const [out, imagesOut] = [args.text('out'), args.text('images-out')];
  const job = makeJob(files, question, out === null ? null : inWorkingFolder(out));
  const json = args.flag('json');

  const open: { close(): Promise<void> }[] = [];
  try {
    const pixels = openPixels();
    open.push(pixels);
    warnOfBundled(choice, await checkImages(pixels, files), io);
    const traceFile = out === null ? null : await openTraceFile(inWorkingFolder(out));
    if (traceFile !== null) open.push(traceFile);
    const images = imagesOut === null ? null : await openImageFiles(pixels, inWorkingFolder(imagesOut));

    const reporter = json ? new TurnCounter(io) : new TurnPrinter(io);
    const trace = await ask(job, choice, pixels, reporter, images, io.signal);
    let exitCode: ExitCode;
    try {
      await traceFile?.append(trace);
      await images?.finish();
    } finally {
      // What was said is shown even where it cannot be written.
      exitCode = conclude(trace, json, io);
    }
    return exitCode;
  } finally {
    for (const part of open.reverse()) await part.close();
  }
}

function readQuestion(args: Args, images: number): Question {
  const options = withLetters(args.all('option'));
  const text = args.required('question');
  if (text.trim() === '') throw badUsage('--question is empty.');
  const video = args.flag('video');
  if (video && images === 1) throw badUsage('--video is for several images; there is one.');
  return {
    text,
    options,
    type: args.choice('type', QUESTION_TYPES) ?? (options.length > 0 ? 'multiple-choice' : 'free-form'),
    gold: null,
    kind: images === 1 ? 'single' : video ? 'video' : 'multi-view',
  };
}

/** Options none of which begins with a letter, as `A.` or `(A)`, get A, B, C and so on. */
function withLetters(options: readonly string[]): readonly string[] {
  if (options.length > 26 || options.some((option) => /^\(?[A-Za-z][.):]/.test(option))) return options;
  return options.map((option, i) => `${String.fromCharCode(0x41 + i)}. ${option}`);
}

/** The trace is named by its first image and the time; paths start from the folder of the trace file, if there is one. */
function makeJob(files: readonly string[], question: Question, out: string | null): Job {
  const stem = basename(files[0] ?? '', extname(files[0] ?? ''));
  return {
    id: `${stem}-${Date.now().toString(36)}`,
    question,
    images: files.map((file) => ({ path: out === null ? file : pathFrom(dirname(out), file), file })),
    source: null,
  };
}

/** The sizes of the files. A model may take minutes to import: a picture that cannot be read is found out before. */
async function checkImages(pixels: PixelService, files: readonly string[]): Promise<Size[]> {
  const sizes: Size[] = [];
  for (const path of files) {
    const { file } = await pixels.load(path, { factor: 28, minPixels: 784, maxPixels: 784 });
    sizes.push(file);
  }
  return sizes;
}

/** The bundled model was shown pictures of this size only, in pixels a side. */
const [LEAST_SIDE, MOST_SIDE] = [56, 256];

/** Says of pictures that are nothing for the bundled model that they are; it would answer all the same. */
function warnOfBundled({ source }: ModelChoice, sizes: readonly Size[], io: Io): void {
  const fits = sizes.every(({ width, height }) =>
    [width, height].every((side) => side >= LEAST_SIDE && side <= MOST_SIDE),
  );
  if (fits || source.type !== 'folder' || source.dir !== null) return;
  io.stderr.write(
    'The bundled model knows small mazes and coloured shapes only. What it says of other pictures means nothing: name another model with --model.\n',
  );
}

async function openImageFiles(pixels: PixelService, folder: string): Promise<ImageFiles> {
  await makeFolder(folder);
  return new ImageFiles(pixels, folder);
}

async function ask(
  job: Job,
  choice: ModelChoice,
  pixels: Pixels,
  reporter: LoopReporter,
  images: ImageFiles | null,
  signal: AbortSignal,
): Promise<Trace> {
  try {
    const { engine, profile } = await openModel(choice, pixels, reporter.progress, signal);
    try {
      const limits = runLimits(choice, engine.info.images, MAX_TURNS);
      const onEvent = (event: ReasonEvent) => {
        reporter.on(event);
        images?.on(event);
      };
      const options = { engine, pixels, profile, limits, sampling: choice.sampling, drawing: true };
      return await reason(job, { ...options, signal, onEvent });
    } finally {
      await engine.close();
    }
  } catch (error) {
    return unspokenTrace(job, error);
  }
}

function conclude(trace: Trace, json: boolean, io: Io): ExitCode {
  if (json) io.stdout.write(`${writeTrace(trace)}\n`);
  if (isAnswered(trace)) {
    if (!json) io.stdout.write(`Answer: ${printable(trace.answer ?? '')}\n`);
    return EXIT.answered;
  }
  io.stderr.write(`vilasr: ${printable(explainFinish(trace))}\n`);
  return trace.finish === 'failed' ? EXIT.engineFailed : EXIT.notAnswered;
}
