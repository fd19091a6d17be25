import { setTimeout as sleep } from 'node:timers/promises';
import { type Lock, tryLock } from '../../shared/lock';
import { DataError } from '../data-error';

/** A lock is held for one write only; who waits longer waits for somebody who stands still. */
const PATIENCE = 15_000;
/** Between two tries, in milliseconds. */
const PAUSE = 15;

/** Takes the lock of the file at `path`, when whoever holds it lets it go. Throws `DataError` and system errors. */
export async function waitForLock(path: string, patience = PATIENCE): Promise<Lock> {
  const deadline = Date.now() + patience;
  for (;;) {
    const lock = await tryLock(`${path}.lock`);
    if (lock !== null) return lock;
    if (Date.now() > deadline) {
      throw new DataError(
        `Another vilasr has been writing to ${path} for long, and holds ${path}.lock. Wait until it has ended, and try again.`,
      );
    }
    await sleep(PAUSE * (0.5 + Math.random()));
  }
}
