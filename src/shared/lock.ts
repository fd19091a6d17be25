import { randomUUID } from 'node:crypto';
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { errorCode } from './error-code';

/** A living owner touches its lock this often, in milliseconds. */
const BEAT = 2_000;
/** A lock untouched for so long is given up, whoever holds it: its owner is stopped, on another machine, or gone. */
const STALE = 60_000;
/** An owner writes its name into its lock at once, unless it was killed before it could. */
const NAMELESS = 3_000;
/** While another removes a stale lock, one looks again after so long, in milliseconds. */
const PAUSE = 5;

const ownerSchema = v.object({ pid: v.number(), host: v.string(), id: v.string() });

/** A lock file that this process has taken. */
export interface Lock {
  /** Whether it still is this one's: a process that stood still for a minute, and then goes on, may have lost it. */
  isHeld(): Promise<boolean>;
  /** Lets it go, if it still is this one's. */
  release(): Promise<void>;
}

/**
 * Takes the lock file at `path`, that of a dead process too. Null if a living one holds it. Throws system errors.
 *
 * @param stale One untouched for so many milliseconds is given up; the same for all who want this one.
 *
 * It is taken by one at a time, but for an owner that is not dead when its lock is given up: then `isHeld` is false for it.
 */
export async function tryLock(path: string, stale = STALE): Promise<Lock | null> {
  const owner = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  while (!(await create(path, owner))) {
    const holder = await look(path, stale);
    if (holder === 'living') return null;
    if (holder === 'gone') await remove(path, stale);
  }
  return hold(path, owner);
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

function hold(path: string, owner: string): Lock {
  // A lock that was taken away meanwhile is not ours to touch.
  const beat = setInterval(() => utimes(path, new Date(), new Date()).catch(() => undefined), BEAT);
  beat.unref();
  const isOurs = async () => (await readFile(path, 'utf8').catch(() => null)) === owner;
  return {
    // One that somebody tidied away is taken again.
    isHeld: async () => (await isOurs()) || (await create(path, owner)),
    release: async () => {
      clearInterval(beat);
      if (!(await isOurs())) return;
      await rm(turnOf(path), { force: true });
      await rm(path, { force: true });
    },
  };
}

/** Who holds the lock: nobody, somebody who is living, or somebody who is gone. */
async function look(path: string, stale: number): Promise<'nobody' | 'living' | 'gone'> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    const age = Date.now() - mtimeMs;
    if (age > stale) return 'gone';
    const owner = v.safeParse(v.pipe(v.string(), v.parseJson(), ownerSchema), text);
    if (!owner.success) return age <= NAMELESS ? 'living' : 'gone';
    const { host, pid } = owner.output;
    return host !== hostname() || isAlive(pid) ? 'living' : 'gone';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'nobody';
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

/** Who has made this file may remove a stale lock. One name for all, so that what a kill leaves there is swept by the next owner. */
const turnOf = (path: string): string => `${path}.stale`;

/**
 * Removes the lock if it still is stale. One process does at a time, and looks again when it is its turn: else the lock
 * that another has just taken could be taken away from it.
 */
async function remove(path: string, stale: number): Promise<void> {
  const turn = turnOf(path);
  if (!(await create(turn, ''))) {
    const since = await stat(turn).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    // A turn takes no time, unless it was killed over it.
    if (Date.now() - since > NAMELESS) await rm(turn, { force: true });
    else await sleep(PAUSE);
    return;
  }
  try {
    if ((await look(path, stale)) === 'gone') await rm(path, { force: true });
  } finally {
    await rm(turn, { force: true });
  }
}
