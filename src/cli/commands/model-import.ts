import { WEIGHT_FORMATS } from '../../engine/engine';
import { reckonFormats } from '../../engine/onnx/check-model';
import { openCheckpoint } from '../../engine/onnx/checkpoint';
import { type ImportProgress, importCheckpoint } from '../../engine/onnx/import';
import { chooseWeights, workloadOf } from '../../engine/onnx/memory';
import { freeMemory } from '../../engine/onnx/memory/free-memory';
import type { Args } from '../args';
import { EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import { describeImport } from '../describe-import';
import type { Io } from '../io';
import { folderOf, MODEL_OPTIONS } from '../model-options';
import { Progress } from '../progress';
import { describeFormat } from '../sizes';

export const modelImport: Command = {
  name: 'model import',
  usage: 'DIR [--weights FORMAT]',
  summary: 'Make a model ready ahead of time: what its first run would do anyway.',
  options: { weights: MODEL_OPTIONS.weights },
  notes: `What each format would take is said before, with an arrow at the one that is made.
The imported weights go to the cache: the folder "models" in $VILASR_CACHE if that is set, else in "vilasr" in the
user's cache folder. An import that was stopped goes on where it was.`,
  examples: ['~/ViLaSR-7B', '~/ViLaSR-7B --weights int4'],
  run,
};

async function run(args: Args, io: Io): Promise<ExitCode> {
  const [word = ''] = args.expectWords('The model folder', 1, 1);
  const wanted = args.choice('weights', WEIGHT_FORMATS);
  const dir = folderOf(word, io);
  const checkpoint = await openCheckpoint(dir);
  const { formats, usual } = await reckonFormats(checkpoint);
  const weights =
    wanted ?? usual ?? chooseWeights(checkpoint.spec, await freeMemory(), workloadOf(checkpoint.spec));
  const lines = WEIGHT_FORMATS.map(
    (name) => `${name === weights ? '->' : '  '} ${describeFormat(name, formats[name])}\n`,
  );
  io.stderr.write(lines.join(''));
  const progress = new Progress(io);
  try {
    const onProgress = (step: ImportProgress) => progress.show(describeImport(step));
    const imported = await importCheckpoint(checkpoint, { weights, onProgress, signal: io.signal });
    progress.clear();
    io.stdout.write(`${checkpoint.name} is imported as ${weights}: ${imported.dir}\n`);
    return EXIT.answered;
  } finally {
    progress.clear();
  }
}
