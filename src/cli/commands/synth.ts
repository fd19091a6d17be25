import { join, resolve } from 'node:path';
import { LineFile, makeFolder } from '../../dataset/line-file';
import { GRID_SIZES, makeWorld } from '../../synth/make-world';
import { DEFAULT_STYLE } from '../../synth/maze-world';
import { coldStartTrace, questionRecord, worldId } from '../../synth/records';
import { writeTrace } from '../../trace/trace-line';
import type { Args } from '../args';
import { badUsage, CliError, EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import type { Io } from '../io';
import { openPixels } from '../parts';
import { Progress } from '../progress';

const FAMILIES = ['maze', 'scene'] as const;
const BOUNDS = { min: Math.min(...GRID_SIZES), max: Math.max(...GRID_SIZES) };

export const synth: Command = {
  name: 'synth',
  usage: 'maze|scene --count N --out DIR [options]',
  summary: 'Make questions with pictures, true answers, and traces that draw their way to them.',
  options: {
    count: { value: 'N', help: 'how many questions' },
    seed: { value: 'S', help: 'the same seed gives the same files, byte for byte (1)' },
    size: { value: '3..5', help: 'cells a side of the mazes: a number or a range (an even mix of 3 to 5)' },
    out: { value: 'DIR', help: 'folder for what is made; files of the same names are replaced' },
  },
  notes: `In DIR:
  questions.jsonl          the questions, as upstream's evaluation files have them
  cold-start.traces.jsonl  a trace for each, with a share of wrong drawings that are noticed and corrected
  images/                  the pictures`,
  examples: [
    'maze --count 500 --seed 7 --out mazes',
    'maze --count 100 --size 5 --out large',
    'scene --count 500 --out scenes',
  ],
  run,
};

async function run(args: Args, io: Io): Promise<ExitCode> {
  const [word = ''] = args.expectWords('maze or scene', 1, 1);
  const family = FAMILIES.find((name) => name === word);
  if (family === undefined) throw badUsage(`"${word}" is neither maze nor scene.`);
  args.required('count');
  const count = args.whole('count', { min: 1 }) ?? 1;
  const seed = args.whole('seed', { min: 0, max: 0xffffffff }) ?? 1;
  const sizes = args.range('size', BOUNDS);
  if (sizes !== null && family === 'scene') throw badUsage('--size is for mazes only.');
  const out = resolve(io.workingFolder, args.required('out'));

  const progress = new Progress(io);
  const pixels = openPixels();
  await makeFolder(join(out, 'images'));
  const questions = await LineFile.create(join(out, 'questions.jsonl'));
  const traces = await LineFile.create(join(out, 'cold-start.traces.jsonl')).catch(async (error: unknown) => {
    await questions.discard();
    throw error;
  });
  try {
    for (let index = 0; index < count; index++) {
      if (io.signal.aborted) throw new CliError(EXIT.notAnswered, 'Cancelled; no question file was written.');
      const name = { seed, index };
      const world = makeWorld(family, seed, index, DEFAULT_STYLE, sizes ?? GRID_SIZES);
      const imagePath = `images/${worldId(world, name)}.png`;
      await pixels.savePng(world.image, join(out, imagePath));
      await questions.add(JSON.stringify(questionRecord(world, name, imagePath)));
      await traces.add(writeTrace(coldStartTrace(world, name, imagePath)));
      progress.show(`${index + 1} of ${count}`);
    }
    await questions.finish();
    await traces.finish();
  } finally {
    progress.clear();
    await questions.discard();
    await traces.discard();
    await pixels.close();
  }
  io.stdout.write(`${count} ${family} questions in ${out}\n`);
  return EXIT.answered;
}
