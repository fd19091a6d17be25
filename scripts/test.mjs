/**
 * Runs tests, from a bare clone too.
 *
 *   node scripts/test.mjs                     all that `npm test` promises
 *   node scripts/test.mjs unit [FILTER ...]   one layer of it: unit, parity or integration
 *   node scripts/test.mjs --long              the layers with the full counts of random cases
 */
import { ensureDependencies, entry, run, runPackage } from './setup.mjs';

const LAYERS = ['unit', 'parity', 'integration'];

entry((args) => {
  ensureDependencies();
  const long = args[0] === '--long';
  const layer = LAYERS.find((name) => name === args[0]);
  const rest = long || layer !== undefined ? args.slice(1) : args;
  if (layer === undefined && !long) {
    run('The build', process.execPath, ['scripts/build.mjs']);
    runPackage('The type check', 'typescript/bin/tsc', ['--noEmit']);
    run('The lint', process.execPath, ['scripts/lint.mjs']);
  }
  const projects = (layer === undefined ? LAYERS : [layer]).flatMap((name) => ['--project', name]);
  const env = long ? { ...process.env, VILASR_LONG: '1' } : process.env;
  runPackage('The tests', 'vitest/vitest.mjs', ['run', ...projects, ...rest], { env });
});
