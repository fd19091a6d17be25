import { mkdir } from 'node:fs/promises';
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
