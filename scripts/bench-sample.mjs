/**
 * Measures what it gains to sample eight candidates of a maze question together (see `test/bench/sample.bench.ts`):
 *
 *     npm run bench:sample [-- CHECKPOINT ...]
 *
 * Without checkpoints: the bundled model and a random one of 200 million parameters.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureDependencies, entry, ROOT, run } from './setup.mjs';

entry((checkpoints) => {
  ensureDependencies();
  run('The build', process.execPath, ['scripts/build.mjs']);
  const dist = join(ROOT, 'dist');
  // Within the repository, so that its packages are found.
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.vilasr-bench-'));
  try {
    const program = join(folder, 'bench.mjs');
    // Loaded here, not above: it is one of the dependencies.
    createRequire(import.meta.url)('esbuild').buildSync({
      entryPoints: ['test/bench/sample.bench.ts'],
      outfile: program,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'error',
    });
    const mazes = join(folder, 'mazes');
    const synth = ['synth', 'maze', '--count', '1', '--seed', '4', '--out', mazes];
    run('The maze', process.execPath, [join(dist, 'cli.js'), ...synth], { stdio: 'ignore' });
    const programs = { VILASR_ENGINE: join(dist, 'engine.js'), VILASR_PIXELS: join(dist, 'pixels.js') };
    run('The benchmark', process.execPath, [program, join(mazes, 'questions.jsonl'), ...checkpoints], {
      env: { ...process.env, ...programs },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
