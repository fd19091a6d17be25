/**
 * Measures the export of data sets against Python's json and Pillow (see `test/bench/export`):
 *
 *     npm run bench:export
 *
 * VILASR_PYTHON has Pillow; without it the environment of the contract tests is made and used.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensurePython } from './python.mjs';
import { ensureDependencies, entry, ROOT, run } from './setup.mjs';

entry(() => {
  ensureDependencies();
  run('The build', process.execPath, ['scripts/build.mjs']);
  const python = process.env.VILASR_PYTHON ?? ensurePython();
  // Within the repository, so that its packages are found.
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.vilasr-bench-'));
  try {
    const program = join(folder, 'bench.mjs');
    // Loaded here, not above: it is one of the dependencies.
    createRequire(import.meta.url)('esbuild').buildSync({
      entryPoints: ['test/bench/export/export.bench.ts'],
      outfile: program,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'error',
    });
    run('The benchmark', process.execPath, [program, join(ROOT, 'dist', 'cli.js'), python, folder]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
