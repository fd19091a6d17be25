/**
 * Measures the engine against PyTorch:
 *
 *     VILASR_PYTHON=… npm run bench [CHECKPOINT ...]
 *
 * VILASR_PYTHON has torch and transformers; without it the environment of the contract tests is made and used. Without
 * checkpoints: the bundled model and a random one of 200 million parameters, which is written to a temporary folder.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensurePython } from './python.mjs';
import { ensureDependencies, entry, ROOT, run } from './setup.mjs';

entry((args) => {
  ensureDependencies();
  run('The build', process.execPath, ['scripts/build.mjs']);
  const python = process.env.VILASR_PYTHON ?? ensurePython();
  const parent = join(ROOT, 'node_modules', '.cache');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'vilasr-bench-'));
  try {
    const program = join(folder, 'bench.mjs');
    // Loaded here, not above: it is one of the dependencies.
    createRequire(import.meta.url)('esbuild').buildSync({
      entryPoints: ['test/bench/engine.bench.ts'],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      external: ['esbuild'],
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      logLevel: 'error',
    });
    const checkpoints = args.length > 0 ? args : [...bundled(), random(python, folder)];
    const env = { ...process.env, VILASR_ENGINE: join(ROOT, 'dist', 'engine.js') };
    run('The benchmark', process.execPath, [program, python, join(folder, 'models'), ...checkpoints], {
      env,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function bundled() {
  const model = join(ROOT, 'media', 'model');
  return existsSync(join(model, 'config.json')) ? [model] : [];
}

function random(python, folder) {
  const out = join(folder, 'random-200m');
  run('Making the random checkpoint', python, ['test/bench/make_big_checkpoint.py', out]);
  return out;
}
