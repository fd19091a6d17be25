import { resolve } from 'node:path';
import { WEIGHT_FORMATS } from '../../engine/engine';
import { defaultCacheDir } from '../../engine/onnx/cache-dir';
import { listImports, removeImport, type StoredImport } from '../../engine/onnx/import/list-imports';
import type { Args } from '../args';
import { badInput, badUsage, EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import type { Io } from '../io';
import { size } from '../sizes';
import { didYouMean } from '../suggest';

export const modelRemove: Command = {
  name: 'model remove',
  usage: 'NAME [--weights FORMAT] | --all',
  summary: 'Remove imported models. Their checkpoints stay, and can be imported again.',
  options: {
    weights: { value: WEIGHT_FORMATS.join('|'), help: 'only the import in this format' },
    all: { help: 'all of them' },
  },
  notes: 'NAME is one that "vilasr model list" names, or the folder of the checkpoint or of the import.',
  examples: ['ViLaSR-7B', 'ViLaSR-7B --weights fp32', '--all'],
  run,
};

async function run(args: Args, io: Io): Promise<ExitCode> {
  const all = args.flag('all');
  const [word] = args.expectWords('The name of the model', all ? 0 : 1, all ? 0 : 1);
  const weights = args.choice('weights', WEIGHT_FORMATS);
  if (all && weights !== null) throw badUsage('--all takes no --weights.');
  const imports = await listImports(defaultCacheDir());
  const folder = word === undefined ? null : resolve(io.workingFolder, word);
  const isMeant = ({ name, source, dir }: StoredImport) =>
    name === word || source === folder || dir === folder;
  const chosen = imports.filter(
    (one) => all || (isMeant(one) && (weights === null || one.weights === weights)),
  );
  if (word !== undefined && chosen.length === 0) {
    const names = imports.map(({ name }) => name);
    const as = weights === null ? '' : ` as ${weights}`;
    throw badInput(`${word} is not imported${as}.${didYouMean(word, names)}`);
  }
  for (const one of chosen) {
    await removeImport(one);
    io.stdout.write(`Removed ${one.name} as ${one.weights}: ${size(one.bytes)} are free again.\n`);
  }
  return EXIT.answered;
}
