import { defaultCacheDir } from '../../engine/onnx/cache-dir';
import { listImports } from '../../engine/onnx/import/list-imports';
import type { Args } from '../args';
import { EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import type { Io } from '../io';
import { size } from '../sizes';
import { printable } from '../turn-printer';

export const modelList: Command = {
  name: 'model list',
  usage: '[--json]',
  summary: 'List the imported models, with what they take on disk.',
  options: { json: { help: 'print a JSON array; sizes are bytes' } },
  examples: ['', '--json'],
  run,
};

async function run(args: Args, io: Io): Promise<ExitCode> {
  args.expectWords('', 0, 0);
  const cacheDir = defaultCacheDir();
  const imports = await listImports(cacheDir);
  if (args.flag('json')) {
    io.stdout.write(`${JSON.stringify(imports)}\n`);
    return EXIT.answered;
  }
  const lines = imports.map(({ name, weights, bytes, state, source, dir }) => {
    const not = { whole: '', partial: ', not finished', damaged: ', damaged' }[state];
    return `${name}  ${weights}  ${size(bytes)}${not}\n  from ${source ?? 'an unknown folder'}\n  in ${dir}`;
  });
  const total = imports.reduce((sum, { bytes }) => sum + bytes, 0);
  lines.push(imports.length === 0 ? `No model is imported in ${cacheDir}.` : `${size(total)} in all.`);
  io.stdout.write(`${lines.map(printable).join('\n')}\n`);
  return EXIT.answered;
}
