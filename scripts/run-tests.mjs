import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { lineOf, OUTCOME } from './closing-line.mjs';
import { ROOT, runPackage, SetupError } from './setup.mjs';

/**
 * Runs tests. A file of the end-to-end layer that fails is run once more, in a window of its own, and the log says so:
 * VS Code itself, on a machine with much else to do, loses a key or a click now and then. What fails twice has failed, and
 * so has every other layer at once. Throws `SetupError`.
 *
 * @param {readonly string[]} args Of Vitest.
 */
export function runTests(args, options) {
  const vitest = (more) => runPackage('The tests', 'vitest/vitest.mjs', ['run', ...more], options);
  try {
    vitest(args);
  } catch (error) {
    const first = error instanceof SetupError ? readOutcome() : null;
    const red = first?.red ?? [];
    if (red.length === 0 || red.some(({ layer }) => layer !== 'e2e')) throw error;
    const names = red.map(({ path }) => relative(ROOT, path));
    console.log(`\nOnce more, each in a new window: ${names.join(', ')}\n`);
    vitest(['--project', 'e2e', ...names]);
    console.log(`\nFAILED FIRST, PASSED THEN (look into it): ${names.join(', ')}`);
    console.log(lineOf(together(first, readOutcome())));
  }
}

/** The outcome of all files, of which those that failed first count as they did then. */
function together(first, second) {
  const again = (what) => first.red.reduce((total, file) => total + file[what], 0);
  return {
    passed: first.passed - again('passed') + second.passed,
    failed: second.failed,
    skipped: first.skipped - again('skipped') + second.skipped,
  };
}

function readOutcome() {
  return existsSync(OUTCOME) ? JSON.parse(readFileSync(OUTCOME, 'utf8')) : null;
}
