/**
 * Takes the README's pictures of the extension anew: of a real VS Code, by the end-to-end tests.
 *
 *   npm run pictures
 */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { entry, ROOT, run } from './setup.mjs';

/** Pictures that the tests leave in test-out/e2e, and what they are in docs/images. */
const PICTURES = { 'run-light': 'run', 'traces-dark': 'trace-file' };

entry(() => {
  run('The end-to-end tests', process.execPath, ['scripts/test.mjs', 'e2e', 'test/e2e/looks.test.ts']);
  for (const [taken, name] of Object.entries(PICTURES)) {
    copyFileSync(join(ROOT, 'test-out/e2e', `${taken}.png`), join(ROOT, 'docs/images', `${name}.png`));
    console.log(`docs/images/${name}.png`);
  }
});
