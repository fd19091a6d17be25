/**
 * Measures the trace view in Chromium (see `test/bench/webview.bench.ts`):
 *
 *     npm run bench:view
 */
import { withBenchmark } from './bench-program.mjs';
import { entry, run } from './setup.mjs';

entry(async () => {
  await withBenchmark('test/bench/webview.bench.ts', (program) =>
    run('The benchmark', process.execPath, [program]),
  );
});
