/** Virtual environments with the real Python packages, for the tests and measurements that compare with them. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, SetupError } from './setup.mjs';

/** What the engine is compared with. The first file is installed; it names the other. */
const ENGINE = {
  folder: '.venv',
  about: 'several GB with PyTorch',
  requirements: ['test/contract/requirements.txt', 'training/requirements.txt'],
};

/** LLaMA-Factory, which wants an older transformers. */
const TRAINER = {
  folder: '.venv-llamafactory',
  about: 'some 500 MB',
  requirements: ['test/contract/llamafactory/requirements.txt'],
  bare: 'test/contract/llamafactory/no-dependencies.txt',
  /** Its packages are found where this one has none of that name: PyTorch is installed once. */
  below: ENGINE,
};

/** verl, which reads what is exported for it and rolls out its agent loop. */
const REINFORCEMENT = {
  folder: '.venv-verl',
  about: 'some 300 MB',
  requirements: ['test/contract/verl/requirements.txt'],
  bare: 'test/contract/verl/no-dependencies.txt',
  below: TRAINER,
};

/** The path of the interpreter. Makes the environment if it isn't there or its requirements have changed. */
export const ensurePython = () => ensure(ENGINE);

/** The same for the one with LLaMA-Factory. */
export const ensureLlamaFactory = () => ensure(TRAINER);

/** The same for the one with verl. */
export const ensureVerl = () => ensure(REINFORCEMENT);

function ensure({ folder, about, requirements, bare, below }) {
  const system = findPython();
  const under = below === undefined ? [] : interpretersOf(below);
  const texts = filesOf({ requirements, bare, below }).map((path) => readFileSync(join(ROOT, path), 'utf8'));
  const wanted = createHash('sha256')
    .update([system.version, ...texts].join('\n'))
    .digest('hex');
  const dir = join(ROOT, folder);
  const python = join(dir, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  /** Says for which requirements the folder was finished. */
  const stamp = join(dir, 'requirements.sha256');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  console.log(`Making a Python environment in ${dir} (${about}) …`);
  rmSync(dir, { recursive: true, force: true });
  run('Making the environment (on Debian it needs the package python3-venv)', system.command, [
    '-m',
    'venv',
    dir,
  ]);
  if (under.length > 0)
    writeFileSync(join(packagesOf(python), 'below.pth'), `${under.map(packagesOf).join('\n')}\n`);
  install(python, '-r', join(ROOT, requirements[0]));
  if (bare !== undefined) install(python, '--no-deps', '-r', join(ROOT, bare));
  writeFileSync(stamp, wanted);
  return python;
}

/** The interpreters of an environment and of those below it, which are made where they are not there. */
function interpretersOf(environment) {
  const { below } = environment;
  return [ensure(environment), ...(below === undefined ? [] : interpretersOf(below))];
}

/** All files that say what is in an environment, with those of the ones below it. */
function filesOf({ requirements, bare, below }) {
  return [
    ...requirements,
    ...(bare === undefined ? [] : [bare]),
    ...(below === undefined ? [] : filesOf(below)),
  ];
}

function install(python, ...what) {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-warn-conflicts'];
  run('Installing the Python packages', python, [...pip, ...what]);
}

/** Where an interpreter has its packages. */
function packagesOf(python) {
  const print = 'import sysconfig; print(sysconfig.get_path("purelib"))';
  const { status, stdout } = spawnSync(python, ['-c', print], { encoding: 'utf8' });
  if (status !== 0) throw new SetupError(`${python} does not run.`);
  return stdout.trim();
}

/** A Python of 3.11 or newer on the path. */
function findPython() {
  const print = 'import sys; print("%d.%d.%d" % sys.version_info[:3])';
  const found = ['python3', 'python'].flatMap((command) => {
    const { status, stdout } = spawnSync(command, ['-c', print], { encoding: 'utf8' });
    return status === 0 ? [{ command, version: stdout.trim() }] : [];
  });
  const fit = found.find(({ version }) => {
    const [major, minor] = version.split('.').map(Number);
    return major === 3 && minor >= 11;
  });
  if (fit !== undefined) return fit;
  const there = found.map(({ command, version }) => `${command} is ${version}`).join(', ') || 'none is here';
  throw new SetupError(`Python 3.11 or newer with the venv module is needed on the path (${there}).`);
}
