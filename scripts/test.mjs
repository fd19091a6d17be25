/**
 * Runs tests, from a bare clone too.
 *
 *   node scripts/test.mjs                     all that `npm test` promises
 *   node scripts/test.mjs unit [FILTER ...]   one layer of it: unit, parity, integration, webview or e2e
 *   node scripts/test.mjs --long              the layers with the full counts of random cases
 */
import { whyNoEnvironment } from './e2e/environment.mjs';
import { runTests } from './run-tests.mjs';
import { ensureDependencies, entry, run, runPackage } from './setup.mjs';
import { ensureSoftwareVulkan, whyNoSoftwareVulkan } from './software-vulkan.mjs';

const LAYERS = ['unit', 'parity', 'integration', 'webview', 'e2e'];

entry((args) => {
  ensureDependencies();
  const long = args[0] === '--long';
  const layer = LAYERS.find((name) => name === args[0]);
  const rest = long || layer !== undefined ? args.slice(1) : args;
  if (layer === undefined && !long) {
    run('The build', process.execPath, ['scripts/build.mjs']);
    runPackage('The type check', 'typescript/bin/tsc', ['--noEmit']);
    runPackage('The type check of the views', 'typescript/bin/tsc', ['--noEmit', '-p', 'webview']);
    run('The lint', process.execPath, ['scripts/lint.mjs']);
  }
  const layers = layer === undefined ? LAYERS.filter(runsHere) : [layer];
  if (layers.some((name) => name === 'parity' || name === 'integration')) prepareWebgpu();
  const projects = layers.flatMap((name) => ['--project', name]);
  const env = long ? { ...process.env, VILASR_LONG: '1' } : process.env;
  runTests([...projects, ...rest], { env });
});

/** Says of the layer that it is left out if it cannot run on this system. */
function runsHere(layer) {
  const why = layer === 'e2e' ? whyNoEnvironment() : null;
  if (why !== null) console.log(`${why} They are left out.`);
  return why === null;
}

/** Says of the tests of WebGPU that they are left out if they cannot run on this system. */
function prepareWebgpu() {
  const why = whyNoSoftwareVulkan();
  if (why === null) ensureSoftwareVulkan();
  else console.log(`${why} They are left out.`);
}
