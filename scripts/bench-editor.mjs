/**
 * Measures the trace editor in a real VS Code (see `test/bench/editor`), on generated files of 100 MB and of 1 GB:
 *
 *     npm run bench:editor [-- MEGABYTES]
 *
 * MEGABYTES is the size of the large one. VILASR_PYTHON is the Python to compare with (python3).
 */
import { ensureDependencies, entry, runPackage } from './setup.mjs';

entry(([megabytes = '1000']) => {
  ensureDependencies();
  const args = ['run', '--config', 'test/bench/editor/vitest.config.mts'];
  const env = { ...process.env, VILASR_BENCH_MB: megabytes };
  runPackage('The benchmark', 'vitest/vitest.mjs', args, { env });
});
