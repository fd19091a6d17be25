/**
 * Bundles the programs of the package into dist/, and the views into dist/webview/, each as one script and one style
 * sheet. Native packages stay outside: they find their own files.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { build as bundle } from 'rolldown';
import { kernels } from './kernels.mjs';
import { ROOT } from './setup.mjs';
import { TEXT_LOADERS } from './text-files.mjs';

/** What is built: the name in dist/ (without .js), and where the program begins. */
const PROGRAMS = {
  cli: 'src/cli/entry.ts',
  pixels: 'src/image/pixel-child.ts',
  engine: 'src/engine/onnx/engine-child.ts',
  'index-worker': 'src/dataset/source/index-worker.ts',
  'table-worker': 'src/dataset/table/table-worker.ts',
  'score-worker': 'src/dataset/scoring/score-worker.ts',
  'report-worker': 'src/dataset/report/report-worker.ts',
  extension: 'src/extension.ts',
};

/** What a program loads when it first needs it, with all that only this needs. What more than one needs has a file of its own. */
const LATER = {
  'data-file': /[\\/]host[\\/]files[\\/]open-data-file\.ts$/,
};

rmSync(join(ROOT, 'dist', 'later'), { recursive: true, force: true });
await Promise.all(Object.entries(PROGRAMS).map(([name, entry]) => buildProgram(name, entry)));

/**
 * What a program needs at its start is one file: each that VS Code's extension host reads costs it milliseconds. rolldown can
 * be told so; esbuild would cut it at every module that is needed later too.
 */
async function buildProgram(name, entry) {
  const start = join(ROOT, entry);
  const groups = [
    { name, test: (id) => id === start, priority: 2 },
    ...Object.entries(LATER).map(([later, test]) => ({ name: later, test, priority: 1 })),
  ];
  await bundle({
    cwd: ROOT,
    input: { [name]: entry },
    platform: 'node',
    // The modern form of a package can be bundled whole; jsonc-parser's older one cannot.
    resolve: { mainFields: ['module', 'main'] },
    external: ['sharp', 'onnxruntime-node', 'vscode'],
    moduleTypes: TEXT_LOADERS,
    plugins: [kernels],
    // The first program waits for the kernels to be compiled.
    checks: { pluginTimings: false },
    transform: { target: 'node20' },
    output: {
      dir: join(ROOT, 'dist'),
      format: 'cjs',
      chunkFileNames: 'later/[name]-[hash].js',
      codeSplitting: { groups },
      // Fewer bytes for the extension host to read and compile when it starts the extension. Names stay: errors have them.
      minify: { compress: true, mangle: { keepNames: true }, codegen: true },
      sourcemap: true,
    },
    logLevel: 'warn',
  });
}

/** The views: the name in dist/webview/ (without .js and .css), and where its program begins. */
const VIEWS = {
  trace: 'webview/trace/main.tsx',
  sampling: 'webview/sampling/main.tsx',
};

await build({
  absWorkingDir: ROOT,
  entryPoints: VIEWS,
  outdir: join(ROOT, 'dist/webview'),
  bundle: true,
  minify: true,
  format: 'iife',
  platform: 'browser',
  // What the oldest VS Code that the extension runs in brings along.
  target: 'chrome132',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  sourcemap: true,
  logLevel: 'warning',
});
