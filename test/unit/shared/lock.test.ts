import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Lock, tryLock } from '../../../src/shared/lock';
import { temporaryFolder } from '../../helpers/temporary-folder';

/** More than Linux gives to any process. */
const DEAD = 2 ** 22 + 1;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'file.lock');
});

const ownedBy = (pid: number, host = hostname()) =>
  writeFile(path, JSON.stringify({ pid, host, id: 'another' }));

async function take(): Promise<Lock> {
  const lock = await tryLock(path);
  if (lock === null) throw new Error('somebody else holds it');
  return lock;
}

describe('a lock', () => {
  it('is held by one at a time, and leaves no file behind', async () => {
    const first = await take();
    expect(await tryLock(path)).toBeNull();
    expect(await first.isHeld()).toBe(true);
    await first.release();
    await (await take()).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('of a dead process is taken over', async () => {
    await ownedBy(DEAD);
    expect(await (await take()).isHeld()).toBe(true);
    expect(await readdir(folder)).toEqual(['file.lock']);
  });

  it('sweeps what a process left that was killed while it took one over', async () => {
    await writeFile(`${path}.stale`, 'somebody');
    await (await take()).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over after a process was killed that was just taking it over, though not at once', async () => {
    await ownedBy(DEAD);
    await writeFile(`${path}.stale`, '');
    const taking = take();
    await sleep(100);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: DEAD });
    const before = Date.now() / 1000 - 4;
    await utimes(`${path}.stale`, before, before);
    expect(await (await taking).isHeld()).toBe(true);
    expect(await readdir(folder)).toEqual(['file.lock']);
  });

  it.each([
    ['of a living process', () => ownedBy(process.ppid)],
    ['of another machine', () => ownedBy(DEAD, 'elsewhere')],
  ])('%s is not, unless nobody has touched it for a minute', async (_, make) => {
    await make();
    expect(await tryLock(path)).toBeNull();
    const longAgo = Date.now() / 1000 - 61;
    await utimes(path, longAgo, longAgo);
    expect(await (await take()).isHeld()).toBe(true);
  });

  it.each(['', '{"pid": 1'])(
    '%j, that its owner is just writing, is not, unless it was killed over it',
    async (text) => {
      await writeFile(path, text);
      expect(await tryLock(path)).toBeNull();
      const before = Date.now() / 1000 - 4;
      await utimes(path, before, before);
      expect(await (await take()).isHeld()).toBe(true);
    },
  );

  it('is touched again and again while it is held', async () => {
    const lock = await take();
    await utimes(path, 1, 1);
    const deadline = Date.now() + 30_000;
    while ((await stat(path)).mtimeMs < 2000 && Date.now() < deadline) await sleep(100);
    expect(Date.now() - (await stat(path)).mtimeMs).toBeLessThan(30_000);
    expect(await tryLock(path)).toBeNull();
    await lock.release();
  });

  it('that another has taken meanwhile is no longer held, and the other keeps it', async () => {
    const lock = await take();
    await ownedBy(process.pid);
    expect(await lock.isHeld()).toBe(false);
    await lock.release();
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ id: 'another' });
  });

  it('whose file somebody tidied away is held all the same', async () => {
    const lock = await take();
    await rm(path);
    expect(await lock.isHeld()).toBe(true);
    expect(await tryLock(path)).toBeNull();
  });

  it('that many find stale at once is held by one', async () => {
    for (let round = 0; round < 60; round++) {
      await ownedBy(DEAD);
      // Some come when others have just taken it.
      const taking = Array.from({ length: 12 }, (_, i) => sleep(i % 4).then(() => tryLock(path)));
      const taken = (await Promise.all(taking)).filter((lock) => lock !== null);
      // None is taken away from whoever was first.
      expect(await Promise.all(taken.map((lock) => lock.isHeld()))).toEqual([true]);
      for (const lock of taken) await lock.release();
      expect(await readdir(folder)).toEqual([]);
    }
  });
});
