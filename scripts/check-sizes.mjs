/** Source files stay small: none over 400 lines, half of them at about 100 or less. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SetupError } from './setup.mjs';

const MOST_LINES = 400;
const FOLDERS = ['src', 'webview', 'scripts', 'test', 'training'];
const SOURCE = /\.(?:tsx?|mts|mjs|cjs|py|css)$/;
const NOT_OURS = /[\\/](?:node_modules|golden|runs|__pycache__)[\\/]/;

/** Prints the count and the median; throws `SetupError` that names every file that is too long. */
export function checkSizes() {
  const sizes = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && SOURCE.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !NOT_OURS.test(path)),
  )
    .map((path) => ({ path, lines: readFileSync(path, 'utf8').split('\n').length - 1 }))
    .sort((a, b) => a.lines - b.lines);
  const median = sizes[Math.floor(sizes.length / 2)].lines;
  const largest = sizes.at(-1);
  console.log(`${sizes.length} files, median ${median} lines, largest ${largest.lines} (${largest.path}).`);
  const long = sizes.filter(({ lines }) => lines > MOST_LINES);
  if (long.length === 0) return;
  const list = long.map(({ path, lines }) => `  ${path}: ${lines} lines`).join('\n');
  throw new SetupError(`Files of more than ${MOST_LINES} lines:\n${list}`);
}
