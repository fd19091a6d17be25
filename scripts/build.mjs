/** Bundles the programs of the package into dist/. Native packages stay outside: they find their own files. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './setup.mjs';

/** What is built: the name in dist/ (without .js), and where the program begins. */
const PROGRAMS = {
  cli: 'src/cli/entry.ts',
  pixels: 'src/image/pixel-child.ts',
  engine: 'src/engine/onnx/engine-child.ts',
};

await build({
  absWorkingDir: ROOT,
  entryPoints: PROGRAMS,
  outdir: join(ROOT, 'dist'),
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  // The modern form of a package can be bundled whole; jsonc-parser's older one cannot.
  mainFields: ['module', 'main'],
  sourcemap: true,
  external: ['sharp', 'onnxruntime-node'],
  logLevel: 'warning',
});
