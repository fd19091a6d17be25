/**
 * Makes a random checkpoint of ViLaSR-7B's shape in a temporary folder, imports it as int8 and int4, and runs it on the CPU (see
 * `test/bench/full-size.bench.ts`). It needs Linux, 20 GB of memory and 60 GB of disk:
 *
 *     npm run bench:full-size [-- FOLDER [STEP ...]]
 *
 * With a FOLDER all stays there for the next time. Steps are import-int8, run-int8, import-int4, run-int4; `make` alone makes the
 * checkpoint.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { withBenchmark } from './bench-program.mjs';
import { entry, ROOT, run } from './setup.mjs';

const STEPS = ['import-int8', 'run-int8', 'import-int4', 'run-int4'];

entry(async ([kept, ...steps]) => {
  const folder = kept === undefined ? mkdtempSync(join(tmpdir(), 'vilasr-full-size-')) : resolve(kept);
  mkdirSync(join(folder, 'models'), { recursive: true });
  try {
    await withBenchmark('test/bench/full-size.bench.ts', (program) => {
      const env = { ...process.env, VILASR_ENGINE: join(ROOT, 'dist', 'engine.js') };
      const wanted = steps.length > 0 ? steps : STEPS;
      run('The benchmark', process.execPath, [program, folder, ...wanted], { env });
    });
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
});
