import { readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../shared/error-code';
import { EngineError } from './engine';
import { gigabytes } from './onnx/gigabytes';

/** Bytes that this user may still write to the disk that `dir` is on, or will be on once it is made. */
export async function freeDisk(dir: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(dir);
    return bavail * bsize;
  } catch (error) {
    const parent = dirname(dir);
    if (errorCode(error) !== 'ENOENT' || parent === dir) throw error;
    return freeDisk(parent);
  }
}

/** Who writes to which cache. */
export interface CacheUse {
  readonly dir: string;
  /** The environment variable that puts the cache elsewhere. */
  readonly variable: 'VILASR_CACHE' | 'HF_HOME';
  readonly work: 'import' | 'download';
}

/**
 * Throws `EngineError` (`no-space`) unless `needed` more bytes fit on the disk of the cache. `what` starts the message;
 * `removable` bytes lie there that could be taken away.
 */
export async function requireDisk(
  { dir, variable }: Omit<CacheUse, 'work'>,
  needed: number,
  what: string,
  removable: () => Promise<number> = async () => 0,
): Promise<void> {
  const free = await freeDisk(dir);
  if (needed <= free) return;
  const others = await removable();
  const held =
    others > 0 ? `, of which imports already made hold ${gigabytes(others)} that can be removed` : '';
  throw new EngineError(
    'no-space',
    `${what} needs ${gigabytes(needed)} more in ${dir}, where ${gigabytes(free)} are free${held}. ` +
      `Free some space, or set ${variable} to a folder on another disk.`,
  );
}

/** Bytes in the files of the folders of `dir`; what cannot be read counts as nothing. */
export async function folderBytes(dir: string): Promise<number> {
  let total = 0;
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile()) continue;
    const info = await stat(join(entry.parentPath, entry.name)).catch(() => null);
    total += info === null ? 0 : info.blocks * 512;
  }
  return total;
}

/** Turns an error of writing to a cache into words; anything else passes unchanged. */
export function explainWrite(error: unknown, { dir, variable, work }: CacheUse): unknown {
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new EngineError(
      'no-space',
      `The disk of ${dir} is full. Free some space, or set ${variable} to a folder on another disk; ` +
        `the ${work} goes on where it stopped.`,
    );
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST') {
    return new EngineError(
      'bad-request',
      `The cache folder ${dir} cannot be written to (${code}). Set ${variable} to a folder that can.`,
    );
  }
  return error;
}
