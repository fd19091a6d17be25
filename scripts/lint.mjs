/**
 * Style, import rules, file sizes, and what the extension contributes: biome, dependency-cruiser, and checks of our own.
 * Runs all of them before it fails.
 */
import { checkSizes } from './check-sizes.mjs';
import { checkContributions } from './extension/check-contributions.mjs';
import { checkTexts } from './extension/l10n.mjs';
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
  checkContributions,
  checkTexts,
];

entry(async () => {
  ensureDependencies();
  const failures = [];
  for (const check of CHECKS) {
    try {
      await check();
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      failures.push(error.message);
    }
  }
  if (failures.length > 0) throw new SetupError(failures.join('\n'));
});
