/**
 * Measures how data files are opened (see `test/bench/dataset.bench.ts`), on a generated file of so many megabytes:
 *
 *     npm run bench:data [-- MEGABYTES]
 *
 * VILASR_PYTHON is the Python to compare with (python3).
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureDependencies, entry, ROOT, run } from './setup.mjs';

entry(([megabytes = '100']) => {
  ensureDependencies();
  run('The build', process.execPath, ['scripts/build.mjs']);
  const parent = join(ROOT, 'node_modules', '.cache');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'vilasr-bench-'));
  try {
    const program = join(folder, 'bench.cjs');
    // Loaded here, not above: it is one of the dependencies.
    createRequire(import.meta.url)('esbuild').buildSync({
      entryPoints: ['test/bench/dataset.bench.ts'],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      mainFields: ['module', 'main'],
      logLevel: 'error',
    });
    const python = process.env.VILASR_PYTHON ?? 'python3';
    const worker = join(ROOT, 'dist', 'index-worker.js');
    run('The benchmark', process.execPath, [program, megabytes, folder, worker, python]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
