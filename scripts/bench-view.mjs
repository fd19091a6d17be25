/**
 * Measures the trace view in Chromium (see `test/bench/webview.bench.ts`):
 *
 *     npm run bench:view
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureDependencies, entry, ROOT, run } from './setup.mjs';

entry(() => {
  ensureDependencies();
  run('The build', process.execPath, ['scripts/build.mjs']);
  // Within the repository, so that its packages are found.
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.vilasr-bench-'));
  try {
    const program = join(folder, 'bench.mjs');
    // Loaded here, not above: it is one of the dependencies.
    createRequire(import.meta.url)('esbuild').buildSync({
      entryPoints: ['test/bench/webview.bench.ts'],
      outfile: program,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'error',
    });
    run('The benchmark', process.execPath, [program]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
