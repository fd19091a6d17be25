/** The browser of the tests that need one. */
import { existsSync } from 'node:fs';
import { SetupError } from '../setup.mjs';
import { findProgram, installDebianPackages } from './debian.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Path of a Chromium: `$VILASR_CHROMIUM`, else one on the PATH; null if there is none. */
export function findChromium() {
  const named = process.env.VILASR_CHROMIUM;
  if (!named) return findProgram(NAMES);
  if (existsSync(named)) return named;
  throw new SetupError(`VILASR_CHROMIUM is ${named}, which is not there.`);
}

/** Path of a Chromium, which is installed if there is none and that may be done. Throws `SetupError` otherwise. */
export function ensureChromium() {
  const there = findChromium();
  if (there !== null) return there;
  installDebianPackages(
    ['chromium'],
    'The tests need Chromium: name its program in VILASR_CHROMIUM, or have it on the PATH.',
  );
  const installed = findChromium();
  if (installed === null) throw new SetupError(`chromium was installed, but is not on the PATH.`);
  return installed;
}
