import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../../../shared/error-code';
import { type Lock, tryLock } from '../../../shared/lock';
import { takeLock } from './lock';

/** That this process runs an import. */
export interface Hold {
  release(): Promise<void>;
}

/** A process that computes may not touch its hold for long, in milliseconds: a run of a graph blocks its thread. */
const STALE = 3_600_000;

/**
 * Keeps the import in `dir` from being removed for as long as this process lives, or until it is released: a file beside it,
 * which is void once its process is dead. Many may hold an import. Null where nothing can be written beside it: nobody can
 * remove it there either. Throws `EngineError` (`cancelled`).
 */
export async function holdImport(dir: string, signal: AbortSignal | undefined): Promise<Hold | null> {
  try {
    return await underLock(dir, signal, async () => {
      // What others left that were killed is swept.
      await holdersOf(dir);
      const path = `${dir}${MARK}${process.pid}-${randomUUID()}`;
      const lock = await tryLock(path, STALE);
      const sweep = () => rmSync(path, { force: true });
      process.once('exit', sweep);
      return {
        release: async () => {
          process.off('exit', sweep);
          await lock?.release();
        },
      };
    });
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error) ?? '')) return null;
    throw error;
  }
}

/** Processes that run the import in `dir`, by their ids. To be asked under the import's lock. */
export async function holdersOf(dir: string): Promise<number[]> {
  const start = `${basename(dir)}${MARK}`;
  const names = (await readdir(dirname(dir))).filter((name) => name.startsWith(start));
  const living = new Set<number>();
  for (const name of names) {
    const [, pid] = /^(\d+)-[0-9a-f-]+$/.exec(name.slice(start.length)) ?? [];
    if (pid === undefined) continue;
    const left = await tryLock(join(dirname(dir), name), STALE);
    if (left === null) living.add(Number(pid));
    else await left.release();
  }
  return [...living];
}

const MARK = '.run-';

async function underLock<T>(
  dir: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const lock: Lock = await takeLock(`${dir}.lock`, signal, () => undefined);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
