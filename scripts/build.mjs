/**
 * Bundles the programs of the package into dist/, and the views into dist/webview/, each as one script and one style
 * sheet. Native packages stay outside: they find their own files.
 */
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './setup.mjs';
import { TEXT_LOADERS } from './text-files.mjs';

/** What is built: the name in dist/ (without .js), and where the program begins. */
const PROGRAMS = {
  cli: 'src/cli/entry.ts',
  pixels: 'src/image/pixel-child.ts',
  engine: 'src/engine/onnx/engine-child.ts',
  'index-worker': 'src/dataset/source/index-worker.ts',
  'table-worker': 'src/dataset/table/table-worker.ts',
  extension: 'src/extension.ts',
  parquet: 'src/dataset/export/parquet/library.ts',
};

/** A library that is a program of its own, which the others load when they first need it. */
const parquetApart = {
  name: 'parquet-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/library$/ }, ({ importer }) =>
      /[\\/]export[\\/]parquet[\\/]/.test(importer) ? { path: './parquet.js', external: true } : null,
    );
  },
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
  // A third of the bytes for the extension host to read and compile when it starts the extension. Names stay: errors have them.
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: true,
  external: ['sharp', 'onnxruntime-node', 'vscode'],
  loader: TEXT_LOADERS,
  plugins: [parquetApart],
  // What is loaded later is loaded as everything else is.
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
});

/** The views: the name in dist/webview/ (without .js and .css), and where its program begins. */
const VIEWS = {
  trace: 'webview/trace/main.tsx',
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
