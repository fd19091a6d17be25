/**
 * Makes the packages that VS Code installs, one a system, in dist/vsix; each holds that system's native files only.
 *
 *   npm run package                               all of them
 *   npm run package -- --target linux-x64 …       those
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stage } from './package/stage.mjs';
import { TARGETS } from './package/targets.mjs';
import { ensureDependencies, entry, ROOT, run, runPackage, SetupError } from './setup.mjs';

/** Most megabytes that the package for a system may have; those that are not named have no bar. */
const MOST_MEGABYTES = { 'linux-x64': 90 };

const OUT = join(ROOT, 'dist', 'vsix');

entry((args) => {
  const targets = chosen(args);
  ensureDependencies();
  run('The build', process.execPath, ['scripts/build.mjs']);
  const sizes = targets.map((target) => ({ name: target.name, ...make(target) }));
  const width = Math.max(...sizes.map(({ name }) => name.length));
  console.log(`\nPackages in ${OUT}:`);
  for (const { name, megabytes, natives } of sizes) {
    console.log(`  ${name.padEnd(width)}  ${megabytes.toFixed(1).padStart(5)} MB, ${natives} native files`);
  }
  const large = sizes.filter(({ name, megabytes }) => megabytes > (MOST_MEGABYTES[name] ?? Infinity));
  if (large.length === 0) return;
  const list = large.map(({ name }) => `${name} (at most ${MOST_MEGABYTES[name]} MB)`).join(', ');
  throw new SetupError(`Larger than a package may be: ${list}.`);
});

function chosen(args) {
  if (args.length === 0) return TARGETS;
  const names = args.filter((argument) => argument !== '--target');
  return names.map((name) => {
    const target = TARGETS.find((one) => one.name === name);
    if (target !== undefined) return target;
    throw new SetupError(
      `There is no target ${name}; there are ${TARGETS.map((one) => one.name).join(', ')}.`,
    );
  });
}

function make(target) {
  const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  mkdirSync(OUT, { recursive: true });
  const out = join(OUT, `${name}-${target.name}-${version}.vsix`);
  const folder = mkdtempSync(join(tmpdir(), `vilasr-${target.name}-`));
  try {
    const natives = stage(folder, target);
    const options = ['--allow-missing-repository', '--no-rewrite-relative-links', '--no-yarn'];
    runPackage(
      `The package for ${target.name}`,
      '@vscode/vsce/vsce',
      ['package', '--target', target.name, '--out', out, ...options],
      { cwd: folder },
    );
    return { megabytes: statSync(out).size / 1e6, natives: natives.length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
