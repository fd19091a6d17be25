/**
 * Installs the dependencies if they are missing or not those of package-lock.json. Plain Node without dependencies: the
 * npm scripts that must work in a bare clone begin with it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's top folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** A step could not be done; the message says what is missing. */
export class SetupError extends Error {}

/** Makes node_modules what package-lock.json says, by `npm ci`, unless it is. Throws `SetupError`. */
export function ensureDependencies() {
  requireNode();
  const why = whatIsStale();
  if (why === null) return;
  console.log(`Installing dependencies (${why}) …`);
  npm('npm ci, which needs a connection to the npm registry,', ['ci']);
}

/** Runs npm and throws `SetupError` with `what` if it fails. */
export function npm(what, args, options = {}) {
  // The npm that runs this script, if one does; else the one on the path, which on Windows is a batch file.
  const script = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : null;
  const [command, before] = script === null ? ['npm', []] : [process.execPath, [script]];
  run(what, command, [...before, ...args, '--no-audit', '--no-fund'], {
    shell: script === null && process.platform === 'win32',
    ...options,
  });
}

/** Runs a program of this repository and throws `SetupError` with `what` if it fails. */
export function run(what, command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
  if (error !== undefined) throw new SetupError(`${what}: cannot start ${command} (${error.message}).`);
  if (status !== 0) throw new SetupError(`${what} failed.`);
}

/** Runs a script of a package in node_modules, by its path there. */
export function runPackage(what, path, args, options) {
  run(what, process.execPath, [join(ROOT, 'node_modules', path), ...args], options);
}

/** Runs `main`; a `SetupError` becomes one line and exit code 1. */
export async function entry(main) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}

function requireNode() {
  const { engines } = readJson('package.json');
  const wanted = engines.node.replace('>=', '').split('.').map(Number);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) return;
  throw new SetupError(`Node ${engines.node} is needed; this is ${process.versions.node}.`);
}

/** Why node_modules must be made anew, or null. npm writes its own lock file there last of all. */
function whatIsStale() {
  if (!existsSync(join(ROOT, 'node_modules/.package-lock.json'))) return 'node_modules is not there';
  const installed = readJson('node_modules/.package-lock.json').packages;
  for (const [path, wanted] of Object.entries(readJson('package-lock.json').packages)) {
    if (path === '' || !isFor(HERE, wanted)) continue;
    if (installed[path]?.version !== wanted.version) return `${path} is not at ${wanted.version}`;
  }
  return null;
}

/**
 * Whether a package of the lock file is one for a system, in npm's words for systems; native parts come as one package a
 * system.
 */
export function isFor(system, { os, cpu, libc, optional }) {
  // What no system asks for by name is a stand-in for systems without a native part of their own.
  if (optional && os === undefined && cpu === undefined) return false;
  const fits = (wanted, has) => wanted === undefined || wanted.includes(has);
  return fits(os, system.os) && fits(cpu, system.cpu) && fits(libc, system.libc);
}

const HERE = {
  os: process.platform,
  cpu: process.arch,
  libc: process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl',
};

function readJson(path) {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}
