/** The packages that cannot be bundled, for any system, whatever system this is. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFor, npm, ROOT, SetupError } from '../setup.mjs';

/**
 * Copies the packages `names` and all they depend on to `folder`, as they are for `target`, of `TARGETS`. `isWanted` says
 * of a path in a package, with `/`, whether the file or folder is. What is not installed here, which are native parts for
 * other systems, npm fetches and holds to the lock file's hashes; no package's scripts run.
 */
export function copyPackages(names, target, folder, isWanted) {
  const { packages } = readJson(join(ROOT, 'package-lock.json'));
  const wanted = closure(names, target, packages);
  const missing = wanted.filter((path) => !isInstalled(path, packages[path].version));
  const fetched = join(folder, '.fetched');
  if (missing.length > 0) fetch(missing, target, packages, fetched);
  for (const path of wanted) {
    cpSync(join(missing.includes(path) ? fetched : ROOT, path), join(folder, path), {
      recursive: true,
      filter: (source) => isWanted(source.replaceAll('\\', '/')),
    });
  }
  rmSync(fetched, { recursive: true, force: true });
}

/** Paths in the lock file. */
function closure(names, target, packages) {
  const found = new Set();
  const add = (name, from) => {
    const path = resolve(name, from, packages);
    if (path === null || found.has(path) || !isFor(target, packages[path])) return;
    found.add(path);
    const { dependencies, optionalDependencies } = packages[path];
    for (const other of Object.keys({ ...dependencies, ...optionalDependencies })) add(other, path);
  };
  for (const name of names) add(name, '');
  return [...found];
}

/** Where Node finds the package `name` from the package at `from`: beside it, or further out. */
function resolve(name, from, packages) {
  const path = from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`;
  if (path in packages) return path;
  if (from === '') return null;
  const outer = from.lastIndexOf('/node_modules/');
  return resolve(name, outer < 0 ? '' : from.slice(0, outer), packages);
}

function isInstalled(path, version) {
  const manifest = join(ROOT, path, 'package.json');
  return existsSync(manifest) && readJson(manifest).version === version;
}

function fetch(paths, { name, os, cpu, libc }, packages, folder) {
  // Optional, as they are to the package that asks for them: npm insists on this system's for what is not.
  const optionalDependencies = Object.fromEntries(
    paths.map((path) => [path.split('node_modules/').at(-1), packages[path].version]),
  );
  const root = { name: 'fetched', version: '1.0.0', optionalDependencies };
  const chosen = Object.fromEntries(
    paths.map((path) => [path, { ...packages[path], optional: true, optionalDependencies: undefined }]),
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(root));
  writeFileSync(
    join(folder, 'package-lock.json'),
    JSON.stringify({ ...root, lockfileVersion: 3, requires: true, packages: { '': root, ...chosen } }),
  );
  npm(
    `Fetching the native parts for ${name}`,
    [
      'ci',
      ...['--ignore-scripts', '--loglevel=error', `--os=${os}`, `--cpu=${cpu}`],
      ...(libc === undefined ? [] : [`--libc=${libc}`]),
    ],
    { cwd: folder },
  );
  const lost = paths.find((path) => !existsSync(join(folder, path)));
  if (lost !== undefined) throw new SetupError(`npm has left out ${lost}, which ${name} needs.`);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
