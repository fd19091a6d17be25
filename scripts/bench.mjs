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
import { kernelsForEsbuild } from './kernels.mjs';
import { ensurePython } from './python.mjs';
import { ensureDependencies, entry, ROOT, run, SetupError } from './setup.mjs';

entry(async (args) => {
  ensureDependencies();
  run('The build', process.execPath, ['scripts/build.mjs']);
  const python = process.env.VILASR_PYTHON ?? ensurePython();
  const parent = join(ROOT, 'node_modules', '.cache');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'vilasr-bench-'));
  try {
    // Loaded here, not above: it is one of the dependencies.
    await createRequire(import.meta.url)('esbuild').build({
      entryPoints: { engine: 'test/bench/engine.bench.ts', import: 'test/bench/import.bench.ts' },
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      external: ['esbuild'],
      plugins: [kernelsForEsbuild],
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      logLevel: 'error',
    });
    const checkpoints = args.length > 0 ? args : [...bundled(), random(python, folder)];
    const env = { ...process.env, VILASR_ENGINE: join(ROOT, 'dist', 'engine.js') };
    const models = join(folder, 'models');
    const parts = [
      ['The benchmark of the engine', 'engine.mjs', [python, models]],
      ['The benchmark of imports', 'import.mjs', [models]],
    ];
    const missed = parts.flatMap(([what, program, words]) => {
      try {
        run(what, process.execPath, [join(folder, program), ...words, ...checkpoints], { env });
        return [];
      } catch (error) {
        if (!(error instanceof SetupError)) throw error;
        return [error.message];
      }
    });
    if (missed.length > 0) throw new SetupError(missed.join('\n'));
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
