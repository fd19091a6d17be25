import { join } from 'node:path';
import { build } from 'esbuild';
import { kernelsForEsbuild } from '../../scripts/kernels.mjs';
import { TEXT_LOADERS } from '../../scripts/text-files.mjs';

/** Bundles the TypeScript program `entry` for Node into `dir` and gives the path of what `fork` can start. */
export async function bundle(entry: string, dir: string): Promise<string> {
  const outfile = join(dir, 'program.cjs');
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // As the build does: jsonc-parser's older form cannot be bundled.
    mainFields: ['module', 'main'],
    external: ['onnxruntime-node', 'sharp'],
    loader: TEXT_LOADERS,
    plugins: [kernelsForEsbuild],
    logLevel: 'error',
  });
  return outfile;
}
