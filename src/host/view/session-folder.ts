import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../shared/error-code';

/** A folder in `parent` for this process alone. */
export const sessionFolder = (parent: string): string => join(parent, String(process.pid));

/** Takes away the folders in `parent` of processes that are gone without tidying up. */
export async function removeStaleFolders(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  const stale = names.filter((name) => /^\d+$/.test(name) && !isAlive(Number(name)));
  await Promise.all(stale.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}
