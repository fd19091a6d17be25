import { type Provider, WEIGHT_FORMATS } from '../../engine/engine';
import { checkModel, type ModelCheck, type ModelFacts } from '../../engine/onnx/check-model';
import { parameterCount } from '../../engine/onnx/gigabytes';
import { askRuntime } from '../../engine/onnx/onnx-engine';
import type { Args } from '../args';
import { EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import type { Io } from '../io';
import { folderOf } from '../model-options';
import { describeFormat, size } from '../sizes';
import { printable } from '../turn-printer';

export const modelCheck: Command = {
  name: 'model check',
  usage: 'DIR [--json]',
  summary: 'Say what a model folder is, whether it runs here, and what it needs.',
  options: { json: { help: 'print the findings as one JSON object; sizes are bytes' } },
  notes: 'Exit codes: 0 it runs; 2 the folder is no model that can be run; 3 it does not fit this machine.',
  examples: ['~/ViLaSR-7B', 'media/model --json'],
  run,
};

async function run(args: Args, io: Io): Promise<ExitCode> {
  const [word = ''] = args.expectWords('The model folder', 1, 1);
  const dir = folderOf(word, io);
  const check = { ...(await checkModel(dir)), providers: (await askRuntime()).providers };
  io.stdout.write(args.flag('json') ? `${JSON.stringify(check)}\n` : describe(check));
  if (check.runs) return EXIT.answered;
  return check.model === null ? EXIT.badInput : EXIT.engineFailed;
}

type Check = ModelCheck & { readonly providers: readonly Provider[] };

function describe({ dir, runs, problem, model, formats, free, providers }: Check): string {
  const lines = [
    dir,
    ...(model === null ? [] : describeModel(model)),
    ...(formats === null ? [] : WEIGHT_FORMATS.map((name) => `  ${describeFormat(name, formats[name])}`)),
    `  free: ${size(free.memory)} of memory, ${size(free.disk)} of disk`,
    `  providers: ${providers.join(', ') || 'none'}`,
    runs ? 'It runs here.' : `It does not run here: ${problem}`,
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function describeModel(model: ModelFacts): string[] {
  const { architecture, parameters, bytes, shards, numbers, contextLength, images, profile } = model;
  const files = shards === 1 ? 'one file' : `${shards} files`;
  return [
    `  ${architecture}, ${parameterCount(parameters)} parameters, ${numbers.join(' and ')} in ${files} (${size(bytes)})`,
    `  up to ${contextLength} tokens a conversation and ${images.maxPixels} pixels an image`,
    profile ? '  with a prompt profile of its own' : '  without a prompt profile: the built-in one is used',
  ];
}
