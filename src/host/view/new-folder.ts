import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../shared/error-code';

const LONGEST = 80;

/** What names a folder when nothing better is left. */
const NAMELESS = 'trace';

/**
 * Makes a folder in `parent` that was not there before, and gives its path. It is named after `name`, which may come from
 * anywhere: what no name of a file has is left out, and a number follows where there is such a folder already.
 */
export async function makeNewFolder(parent: string, name: string): Promise<string> {
  const safe = name
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .slice(0, LONGEST)
    // Dots at either end mean something, or are dropped by Windows.
    .replace(/^[.-]+|[.-]+$/g, '');
  for (let number = 1; ; number++) {
    const folder = join(parent, (safe || NAMELESS) + (number === 1 ? '' : `-${number}`));
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}

/**
 * Makes such a folder and lets `fill` write into it. Gives its path; null where `fill` gives false, as it was cancelled: then
 * the folder is gone again, as it is where `fill` throws.
 */
export async function fillNewFolder(
  parent: string,
  name: string,
  fill: (folder: string) => Promise<boolean>,
): Promise<string | null> {
  const folder = await makeNewFolder(parent, name);
  let isFilled = false;
  try {
    isFilled = await fill(folder);
    return isFilled ? folder : null;
  } finally {
    if (!isFilled) await rm(folder, { recursive: true, force: true });
  }
}
