/**
 * Lets the bundled model answer new mazes and scenes in each format of weights, and says how many it gets right and how far
 * its drawings are off (see `test/bench/weights.bench.ts`):
 *
 *     npm run bench:weights [-- COUNT [FOLDER]]
 *
 * COUNT questions a family, 200 unless given. With a FOLDER the traces stay there, and a run that was stopped goes on.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { withBenchmark } from './bench-program.mjs';
import { entry, ROOT, run } from './setup.mjs';

const FORMATS = ['fp32', 'fp16', 'int8', 'int4'];
const FAMILIES = ['maze', 'scene'];

entry(async ([count = '200', folder]) => {
  await withBenchmark('test/bench/weights.bench.ts', (program, temporary) => {
    const out = folder === undefined ? temporary : resolve(folder);
    mkdirSync(out, { recursive: true });
    const vilasr = (what, args) =>
      run(what, process.execPath, [join(ROOT, 'dist', 'cli.js'), ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, VILASR_CACHE: join(out, 'cache') },
      });
    for (const family of FAMILIES) {
      const questions = join(out, family);
      const seed = ['--seed', '20260', '--count', count];
      if (!existsSync(questions)) vilasr('The questions', ['synth', family, ...seed, '--out', questions]);
      const files = FORMATS.flatMap((weights) => {
        const traces = join(out, `${family}.${weights}.traces.jsonl`);
        const model = ['--weights', weights, '--out', traces, '--json'];
        vilasr(`The ${family}s in ${weights}`, ['eval', join(questions, 'questions.jsonl'), ...model]);
        return [weights, traces];
      });
      console.log(`\n${count} questions: ${family}s`);
      run('The comparison', process.execPath, [program, ...files]);
    }
  });
});
