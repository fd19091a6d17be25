/**
 * Measures what it gains to sample eight candidates of a maze question together (see `test/bench/sample.bench.ts`):
 *
 *     npm run bench:sample [-- CHECKPOINT ...]
 *
 * Without checkpoints: the bundled model and a random one of 200 million parameters.
 */
import { join } from 'node:path';
import { withBenchmark } from './bench-program.mjs';
import { entry, ROOT, run } from './setup.mjs';

entry((checkpoints) => {
  withBenchmark('test/bench/sample.bench.ts', (program, folder) => {
    const dist = join(ROOT, 'dist');
    const mazes = join(folder, 'mazes');
    const synth = ['synth', 'maze', '--count', '1', '--seed', '4', '--out', mazes];
    run('The maze', process.execPath, [join(dist, 'cli.js'), ...synth], { stdio: 'ignore' });
    const programs = { VILASR_ENGINE: join(dist, 'engine.js'), VILASR_PIXELS: join(dist, 'pixels.js') };
    run('The benchmark', process.execPath, [program, join(mazes, 'questions.jsonl'), ...checkpoints], {
      env: { ...process.env, ...programs },
    });
  });
});
