import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { errorCode } from '../checkpoint/bad-model';
import { stopIfAborted } from './run-step';

/** A living owner touches its lock this often, in milliseconds. */
const BEAT = 2_000;
/** A lock untouched for so long is given up, whoever holds it: its owner is stopped, on another machine, or gone. */
const STALE = 60_000;
const POLL = 200;

const ownerSchema = v.object({ pid: v.number(), host: v.string(), id: v.string() });

/**
 * Takes the lock file at `path`, waiting while another process holds it (`onWait` is told once). The lock of a dead
 * process is taken over. Gives the function that lets it go. Throws `EngineError` (`cancelled`) when `signal` aborts.
 *
 * It keeps two processes from doing the same work twice. It need not be perfect: what it guards writes the same bytes
 * to the same places whoever runs it.
 */
export async function takeLock(
  path: string,
  signal: AbortSignal | undefined,
  onWait: () => void,
): Promise<() => Promise<void>> {
  const owner = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  for (let waited = false; ; ) {
    stopIfAborted(signal);
    if (await create(path, owner)) return hold(path, owner);
    const stale = await findStale(path);
    if (stale !== null) {
      await remove(path, stale);
      continue;
    }
    if (!waited) onWait();
    waited = true;
    await sleep(POLL);
  }
}

async function create(path: string, owner: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(owner).finally(() => file.close());
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function hold(path: string, owner: string): () => Promise<void> {
  // A lock that was taken away meanwhile is not ours to touch; the work goes on all the same.
  const beat = setInterval(() => utimes(path, new Date(), new Date()).catch(() => undefined), BEAT);
  beat.unref();
  return async () => {
    clearInterval(beat);
    if ((await readFile(path, 'utf8').catch(() => null)) === owner) await rm(path, { force: true });
  };
}

/** The content of the lock if nobody alive holds it, else null. */
async function findStale(path: string): Promise<string | null> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    if (Date.now() - mtimeMs > STALE) return text;
    const owner = v.safeParse(v.pipe(v.string(), v.parseJson(), ownerSchema), text);
    // An unreadable lock is one whose owner is just writing it, unless it stays so.
    if (!owner.success || owner.output.host !== hostname() || isAlive(owner.output.pid)) return null;
    return text;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}

/** Removes the stale lock, unless another process has replaced it since: then its lock is put back. */
async function remove(path: string, stale: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) !== stale) await link(aside, path);
  } catch (error) {
    // Somebody else was faster; the next round sees what is there now.
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(aside, { force: true });
  }
}
