import { resolve } from 'node:path';
import { EngineError, WEIGHT_FORMATS, type WeightFormat } from '../../engine/engine';
import { defaultCacheDir } from '../../engine/onnx/cache-dir';
import { listImports, removeImport, type StoredImport } from '../../engine/onnx/import/list-imports';
import type { Args } from '../args';
import { badInput, badUsage, EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import type { Io } from '../io';
import { size } from '../sizes';
import { didYouMean } from '../suggest';
import { printable } from '../turn-printer';

export const modelRemove: Command = {
  name: 'model remove',
  usage: '[NAME] [--weights FORMAT] [--all]',
  summary: 'Remove imported models. Their checkpoints stay, and can be imported again.',
  options: {
    weights: { value: WEIGHT_FORMATS.join('|'), help: 'only the import in this format' },
    all: { help: 'all of that name, of whatever folder; without a name all that there are' },
  },
  notes: 'NAME is one that "vilasr model list" names, or the folder of the checkpoint or of the import.',
  examples: ['ViLaSR-7B', 'ViLaSR-7B --weights fp32', 'ViLaSR-7B --all', '--all'],
  run,
};

async function run(args: Args, io: Io): Promise<ExitCode> {
  const all = args.flag('all');
  const [word] = args.expectWords('The name of the model', all ? 0 : 1, 1);
  const weights = args.choice('weights', WEIGHT_FORMATS);
  if (word === undefined && weights !== null) throw badUsage('--all without a name takes no --weights.');
  const imports = await listImports(defaultCacheDir());
  const chosen =
    word === undefined ? imports : choose(imports, word, weights, resolve(io.workingFolder, word), all);
  let failed = 0;
  for (const one of chosen) {
    try {
      await removeImport(one);
      io.stdout.write(`Removed ${one.name} as ${one.weights}: ${size(one.bytes)} are free again.\n`);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      failed++;
      io.stderr.write(`vilasr: ${printable(error.message)}\n`);
    }
  }
  return failed === 0 ? EXIT.answered : EXIT.badInput;
}

/** Those that `word` means: a name, or a folder. Throws `CliError` if there are none, or several checkpoints have the name. */
function choose(
  imports: readonly StoredImport[],
  word: string,
  weights: WeightFormat | null,
  folder: string,
  all: boolean,
): StoredImport[] {
  const inFolder = imports.filter(({ source, dir }) => source === folder || dir === folder);
  const named = imports.filter(({ name }) => name === word);
  const meant = inFolder.length > 0 ? inFolder : named;
  const chosen = meant.filter((one) => weights === null || one.weights === weights);
  if (chosen.length === 0) {
    const names = imports.map(({ name }) => name);
    const as = weights === null ? '' : ` as ${weights}`;
    throw badInput(`${word} is not imported${as}.${didYouMean(word, names)}`);
  }
  // Of what is damaged or not whole nobody knows where it is from.
  const folders = [...new Set(chosen.map(({ source }) => source ?? 'an unknown folder'))];
  if (folders.length > 1 && !all) {
    throw badInput(
      `${word} is the name of several checkpoints: ${folders.join(', ')}. Give the folder of one, or --all for all of them.`,
    );
  }
  return chosen;
}
