import { join } from 'node:path';
import { build } from 'esbuild';

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
    mainFields: ['module', 'main'],
    external: ['onnxruntime-node', 'sharp'],
    logLevel: 'error',
  });
  return outfile;
}
