import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './setup.mjs';

/** Where a run of tests leaves what came of it, as `Outcome` in JSON. */
export const OUTCOME = join(ROOT, 'test-out/outcome.json');

/**
 * @typedef {object} Outcome
 * @property {number} passed How many tests passed.
 * @property {number} failed
 * @property {number} skipped
 * @property {{ layer: string, path: string, passed: number, failed: number, skipped: number }[]} red The files with
 *   tests that failed, and what came of theirs.
 */

/** The last line of a test run in the plainest form, for people and for programs that read logs. */
export const closingLine = {
  onTestRunStart() {
    rmSync(OUTCOME, { force: true });
  },
  onTestRunEnd(modules) {
    const files = modules.map((module) => {
      const states = [...module.children.allTests()].map((test) => test.result().state);
      // A file that cannot be loaded, or set up, runs no tests; it counts as one that failed.
      if (!module.ok() && !states.includes('failed')) states.push('failed');
      const count = (state) => states.filter((one) => one === state).length;
      return {
        ...{ layer: module.project.name, path: module.moduleId },
        ...{ passed: count('passed'), failed: count('failed'), skipped: count('skipped') },
      };
    });
    const sum = (what) => files.reduce((total, file) => total + file[what], 0);
    const red = files.filter(({ failed }) => failed > 0);
    const outcome = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), red };
    mkdirSync(dirname(OUTCOME), { recursive: true });
    writeFileSync(OUTCOME, JSON.stringify(outcome));
    process.on('exit', () => console.log(lineOf(outcome)));
  },
};

export function lineOf({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}
