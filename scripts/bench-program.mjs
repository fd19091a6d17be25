import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { kernelsForEsbuild } from './kernels.mjs';
import { ensureDependencies, ROOT, run } from './setup.mjs';

/**
 * Builds the product, and a benchmark as a program that finds the repository's packages. Throws `SetupError`.
 *
 * @param {string} source Path of the benchmark, from the repository's root.
 * @param {(program: string, folder: string) => void | Promise<void>} work Runs it; the folder is taken away afterwards.
 */
export async function withBenchmark(source, work) {
  ensureDependencies();
  run('The build', process.execPath, ['scripts/build.mjs']);
  // Within the repository, so that its packages are found.
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.vilasr-bench-'));
  try {
    const program = join(folder, 'bench.mjs');
    // Loaded here, not above: it is one of the dependencies.
    await createRequire(import.meta.url)('esbuild').build({
      entryPoints: [source],
      outfile: program,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      plugins: [kernelsForEsbuild],
      logLevel: 'error',
    });
    await work(program, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
