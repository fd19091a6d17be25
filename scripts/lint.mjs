/** Style, import rules and file sizes: biome, dependency-cruiser, and our own count. Runs all three before it fails. */
import { checkSizes } from './check-sizes.mjs';
import { ensureDependencies, entry, runPackage, SetupError } from './setup.mjs';

const CHECKS = [
  () => runPackage('Formatting and lint', '@biomejs/biome/bin/biome', ['check', '.']),
  () =>
    runPackage('The import rules', 'dependency-cruiser/bin/dependency-cruise.mjs', [
      '--config',
      '.dependency-cruiser.cjs',
      'src',
      'webview',
    ]),
  checkSizes,
];

entry(() => {
  ensureDependencies();
  const failures = CHECKS.flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      return [error.message];
    }
  });
  if (failures.length > 0) throw new SetupError(failures.join('\n'));
});
