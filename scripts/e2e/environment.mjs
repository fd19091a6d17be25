/**
 * What the end-to-end tests need besides the dependencies: a real VS Code and a browser. Makes it where it is missing.
 *
 *   node scripts/e2e/environment.mjs
 */
import { pathToFileURL } from 'node:url';
import { entry, SetupError } from '../setup.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureServer } from './server.mjs';

/** Why the end-to-end tests cannot run on this system, or null. */
export function whyNoEnvironment() {
  const here = `${process.platform}-${process.arch}`;
  return here === 'linux-x64' ? null : `The end-to-end tests run on linux-x64; this is ${here}.`;
}

/** Paths of `chromium`, of the server's `node` and of its `entry`. Throws `SetupError` with what to do. */
export function ensureEnvironment() {
  const why = whyNoEnvironment();
  if (why !== null) throw new SetupError(why);
  return { chromium: ensureChromium(), ...ensureServer() };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  entry(() => {
    const { chromium, entry: server } = ensureEnvironment();
    console.log(`The end-to-end tests use ${chromium} and ${server}.`);
  });
}
