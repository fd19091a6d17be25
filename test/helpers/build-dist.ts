import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Vitest calls this once before the tests that use the built programs. */
export function setup(): void {
  execFileSync(process.execPath, [join(import.meta.dirname, '../../scripts/build.mjs')], {
    stdio: 'inherit',
  });
}
