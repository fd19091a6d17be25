/** Runs the tests that need the real Python packages, in environments of their own. */
import { ensureLlamaFactory, ensurePython, ensureVerl } from './python.mjs';
import { ensureDependencies, entry, run, runPackage } from './setup.mjs';

entry((args) => {
  ensureDependencies();
  run('The build', process.execPath, ['scripts/build.mjs']);
  const env = {
    ...process.env,
    VILASR_PYTHON: ensurePython(),
    VILASR_LLAMAFACTORY_PYTHON: ensureLlamaFactory(),
    VILASR_VERL_PYTHON: ensureVerl(),
  };
  runPackage('The contract tests', 'vitest/vitest.mjs', ['run', '--project', 'contract', ...args], { env });
});
