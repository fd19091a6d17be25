/**
 * Measures sampling from a server (see `test/bench/sample-server.bench.ts`), and what it gains to sample eight candidates of a
 * maze question together here (see `test/bench/sample.bench.ts`):
 *
 *     npm run bench:sample [-- server | CHECKPOINT ...]
 *
 * Without checkpoints: the bundled model and a random one of 200 million parameters. With `server` that alone.
 */
import { join } from 'node:path';
import { withBenchmark } from './bench-program.mjs';
import { entry, ROOT, run } from './setup.mjs';

const dist = join(ROOT, 'dist');
const programs = { VILASR_ENGINE: join(dist, 'engine.js'), VILASR_PIXELS: join(dist, 'pixels.js') };

/**
 * @param {string} folder Where to.
 * @param {number} count
 */
function makeMazes(folder, count) {
  const synth = ['synth', 'maze', '--count', String(count), '--seed', '4', '--out', folder];
  run('The mazes', process.execPath, [join(dist, 'cli.js'), ...synth], { stdio: 'ignore' });
  return join(folder, 'questions.jsonl');
}

entry(async (words) => {
  await withBenchmark('test/bench/sample-server.bench.ts', (program, folder) => {
    const questions = makeMazes(join(folder, 'mazes'), 10);
    run('The benchmark', process.execPath, [program, questions], { env: { ...process.env, ...programs } });
  });
  if (words[0] === 'server') return;
  await withBenchmark('test/bench/sample.bench.ts', (program, folder) => {
    const questions = makeMazes(join(folder, 'mazes'), 1);
    run('The benchmark', process.execPath, [program, questions, ...words], {
      env: { ...process.env, ...programs },
    });
  });
});
