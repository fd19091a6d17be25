import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Backups } from '../../../../src/host/files/backups';
import { temporaryFolder } from '../../../helpers/temporary-folder';

let folder: string;
beforeEach(async () => {
  folder = join(await temporaryFolder(), 'backups');
});

const kept = async () => (await readdir(folder)).filter((name) => name.endsWith('.jsonl'));
const read = (id: string) => readFile(id, 'utf8');

/** The window that wrote it is gone, and its process with it. */
const kill = (id: string) =>
  writeFile(`${id}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), id: 'gone' }));

it('the last backup of a document is found by the id of any earlier one', async () => {
  const backups = new Backups(folder);
  const first = await backups.write('file:///a', 'first');
  const second = await backups.write('file:///a', 'second');
  first.delete();
  expect(await read(first.id)).toBe('second');
  await backups.write('file:///b', 'another');
  expect(await kept()).toHaveLength(2);
  second.delete();
  await expect.poll(() => existsSync(second.id)).toBe(false);
  expect(await kept()).toHaveLength(1);
});

describe('a window that was killed', () => {
  it('goes on with what it comes back with, under the same id', async () => {
    const before = await new Backups(folder).write('file:///a', 'before');
    await kill(before.id);
    const backups = new Backups(folder);
    expect(await backups.takeUp('file:///a', before.id)).toBe('before');
    const after = await backups.write('file:///a', 'after');
    expect(after.id).toBe(before.id);
    expect(await read(before.id)).toBe('after');
    after.delete();
    await expect.poll(() => readdir(folder)).toEqual([]);
  });

  it('comes back with its edits, and leaves its file alone, while its process still runs', async () => {
    const lingering = await new Backups(folder).write('file:///a', 'before');
    const backups = new Backups(folder);
    expect(await backups.takeUp('file:///a', lingering.id)).toBe('before');
    const after = await backups.write('file:///a', 'after');
    after.delete();
    await expect.poll(() => existsSync(after.id)).toBe(false);
    expect(await read(lingering.id)).toBe('before');
  });
});

it('windows that keep edits of the same document in the same folder keep them apart', async () => {
  const [one, other] = [new Backups(folder), new Backups(folder)];
  const first = await one.write('file:///a', 'of one');
  const second = await other.write('file:///a', 'of the other');
  expect([await read(first.id), await read(second.id)]).toEqual(['of one', 'of the other']);
  second.delete();
  await expect.poll(() => existsSync(second.id)).toBe(false);
  expect(await read(first.id)).toBe('of one');
});
