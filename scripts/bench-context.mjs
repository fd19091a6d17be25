/**
 * Measures what a token costs after 8,000 others against one after 500, on the processor (see `test/bench/context.bench.ts`):
 *
 *     npm run bench:context [-- FORMAT ...]
 *
 * Formats of weights: fp32 and int8 unless given. The model is a random one of 200 million parameters, in a temporary folder.
 */
import { withBenchmark } from './bench-program.mjs';
import { entry, run } from './setup.mjs';

entry(async (formats) => {
  await withBenchmark('test/bench/context.bench.ts', (program, folder) => {
    run('The benchmark', process.execPath, [program, folder, ...formats]);
  });
});
