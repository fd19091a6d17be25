import { setTimeout as sleep } from 'node:timers/promises';
import { type Lock, tryLock } from '../../../shared/lock';
import { stopIfAborted } from './stop';

/** Between two looks at a lock that another process holds, in milliseconds. */
const POLL = 200;

/**
 * Takes the lock file at `path`, waiting while another process holds it (`onWait` is told once). Throws `EngineError`
 * (`cancelled`) when `signal` aborts.
 *
 * It keeps two processes from doing the same work twice. It need not be perfect: what it guards writes the same bytes
 * to the same places whoever runs it.
 */
export async function takeLock(
  path: string,
  signal: AbortSignal | undefined,
  onWait: () => void,
): Promise<Lock> {
  for (let waited = false; ; waited = true) {
    stopIfAborted(signal);
    const lock = await tryLock(path);
    if (lock !== null) return lock;
    if (!waited) onWait();
    await sleep(POLL);
  }
}
