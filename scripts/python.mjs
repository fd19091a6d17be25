/** A virtual environment with the real Python packages, for the tests and measurements that compare with them. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, SetupError } from './setup.mjs';

const FOLDER = join(ROOT, '.venv');
/** The first one is installed; it names the other. */
const REQUIREMENTS = ['test/contract/requirements.txt', 'training/requirements.txt'];
const PYTHON = join(FOLDER, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
/** Says for which requirements the folder was finished. */
const STAMP = join(FOLDER, 'requirements.sha256');

/** The path of its interpreter. Makes the environment if it isn't there or its requirements have changed. */
export function ensurePython() {
  const system = findPython();
  const texts = REQUIREMENTS.map((path) => readFileSync(join(ROOT, path), 'utf8'));
  const wanted = createHash('sha256')
    .update([system.version, ...texts].join('\n'))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return PYTHON;
  console.log(`Making a Python environment in ${FOLDER} (several GB with PyTorch) …`);
  rmSync(FOLDER, { recursive: true, force: true });
  run('Making the environment (on Debian it needs the package python3-venv)', system.command, [
    '-m',
    'venv',
    FOLDER,
  ]);
  run('Installing the Python packages', PYTHON, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '-r',
    join(ROOT, REQUIREMENTS[0]),
  ]);
  writeFileSync(STAMP, wanted);
  return PYTHON;
}

/** A Python of 3.10 or newer on the path. */
function findPython() {
  const print = 'import sys; print("%d.%d.%d" % sys.version_info[:3])';
  const found = ['python3', 'python'].flatMap((command) => {
    const { status, stdout } = spawnSync(command, ['-c', print], { encoding: 'utf8' });
    return status === 0 ? [{ command, version: stdout.trim() }] : [];
  });
  const fit = found.find(({ version }) => {
    const [major, minor] = version.split('.').map(Number);
    return major === 3 && minor >= 10;
  });
  if (fit !== undefined) return fit;
  const there = found.map(({ command, version }) => `${command} is ${version}`).join(', ') || 'none is here';
  throw new SetupError(`Python 3.10 or newer with the venv module is needed on the path (${there}).`);
}
