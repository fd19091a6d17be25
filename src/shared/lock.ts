import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import * as v from 'valibot';
import { errorCode } from './error-code';

/** A living owner touches its lock this often, in milliseconds. */
const BEAT = 2_000;
/** A lock untouched for so long is given up, whoever holds it: its owner is stopped, on another machine, or gone. */
const STALE = 60_000;
/** An owner writes its name into its lock at once, unless it was killed before it could. */
const NAMELESS = 3_000;

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
 * When several processes find the same stale lock at the same moment, two may take it; `isHeld` is true for one of them.
 */
export async function tryLock(path: string): Promise<Lock | null> {
  const owner = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  held.add(owner);
  let lock: Lock | null = null;
  try {
    lock = await takeAs(owner, path);
    return lock;
  } finally {
    if (lock === null) held.delete(owner);
  }
}

/** The names in the locks that this process holds, or is about to. */
const held = new Set<string>();

async function takeAs(owner: string, path: string): Promise<Lock | null> {
  while (!(await create(path, owner))) {
    const found = await look(path);
    if (found?.alive) return null;
    if (found !== null) await remove(path, found.text);
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
    // One that somebody tidied away is taken again; or it is there again, as `remove` puts back what it should not have taken.
    isHeld: async () => (await isOurs()) || (await create(path, owner)) || (await isOurs()),
    release: async () => {
      clearInterval(beat);
      if (await isOurs()) {
        await rm(asideOf(path), { force: true });
        await rm(path, { force: true });
      }
      held.delete(owner);
    },
  };
}

/** What the lock says and whether somebody alive holds it; null if it is gone. */
async function look(path: string): Promise<{ readonly text: string; readonly alive: boolean } | null> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    const age = Date.now() - mtimeMs;
    if (age > STALE) return { text, alive: false };
    const owner = v.safeParse(v.pipe(v.string(), v.parseJson(), ownerSchema), text);
    if (!owner.success) return { text, alive: age <= NAMELESS };
    const { host, pid } = owner.output;
    // One's own that is held no more was put back by somebody who had it aside when it was released.
    if (host === hostname() && pid === process.pid) return { text, alive: held.has(text) };
    return { text, alive: host !== hostname() || isAlive(pid) };
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

/** Where a stale lock is put on its way out. One name for all, so that what a kill leaves there is swept by the next owner. */
const asideOf = (path: string): string => `${path}.stale`;

/** Removes the stale lock, unless another process has replaced it since: then its lock is put back. */
async function remove(path: string, stale: string): Promise<void> {
  const aside = asideOf(path);
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
