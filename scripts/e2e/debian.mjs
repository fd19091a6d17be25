/** Programs of the system that the end-to-end tests need, installed with apt-get where that may be done. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, SetupError } from '../setup.mjs';

/** The path of the first of `names` that is a program on the PATH, or null. */
export function findProgram(names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isProgram) ?? null;
}

/** Installs Debian packages. Throws `SetupError`, which says what `purpose` they have, where that may not be done. */
export function installDebianPackages(packages, purpose) {
  const list = packages.join(' ');
  const mayInstall = process.getuid?.() === 0 && findProgram(['apt-get']) !== null;
  if (!mayInstall) throw new SetupError(`${purpose} Install: ${list} (names of Debian's packages).`);
  console.log(`Installing ${list} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Another apt-get may be at work: wait for it, at most these seconds.
  const options = ['-qq', '-o', 'DPkg::Lock::Timeout=600'];
  run('apt-get update', 'apt-get', [...options, 'update'], { env });
  run('apt-get install', 'apt-get', [...options, 'install', '-y', '--no-install-recommends', ...packages], {
    env,
  });
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
