/**
 * Measures the export of data sets against Python's json and Pillow (see `test/bench/export`):
 *
 *     npm run bench:export
 *
 * VILASR_PYTHON has Pillow; without it the environment of the contract tests is made and used.
 */
import { join } from 'node:path';
import { withBenchmark } from './bench-program.mjs';
import { ensurePython } from './python.mjs';
import { entry, ROOT, run } from './setup.mjs';

entry(async () => {
  await withBenchmark('test/bench/export/export.bench.ts', (program, folder) => {
    const python = process.env.VILASR_PYTHON ?? ensurePython();
    run('The benchmark', process.execPath, [program, join(ROOT, 'dist', 'cli.js'), python, folder]);
  });
});
