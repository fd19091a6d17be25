import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { NewFolder } from '../../../../src/dataset/export/new-folder';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { sha256 } from '../overlay/edits';

let root: string;
let path: string;
beforeEach(async () => {
  root = await temporaryFolder();
  path = join(root, 'deep', 'out');
});

const inRoot = async () => (await readdir(root, { recursive: true })).sort();

describe('a new folder', () => {
  it('is there when it is finished, and names what is in it', async () => {
    const folder = await NewFolder.create(path);
    const file = await folder.stream('b.txt');
    await file.write('é');
    await file.write('!');
    await file.end();
    await folder.write('a/a.txt', 'a');
    await writeFile(await folder.place('c/c.txt'), 'c');
    await folder.adopt('c/c.txt');
    expect(await readdir(join(root, 'deep'))).toEqual(['out.lock', 'out.partial']);
    await folder.finish();
    await folder.discard();
    expect(await inRoot()).toEqual([
      'deep',
      ...['', '/a', '/a/a.txt', '/b.txt', '/c', '/c/c.txt'].map((name) => `deep/out${name}`),
    ]);
    expect(folder.files).toEqual([
      { path: 'a/a.txt', bytes: 1, sha256: sha256('a') },
      { path: 'b.txt', bytes: 3, sha256: sha256('é!') },
      { path: 'c/c.txt', bytes: 1, sha256: sha256('c') },
    ]);
  });

  it('forgets what is taken away again', async () => {
    const folder = await NewFolder.create(path);
    await folder.write('a/a.txt', 'a');
    await folder.write('ab.txt', 'b');
    await folder.remove('a');
    await folder.finish();
    expect(folder.files.map((file) => file.path)).toEqual(['ab.txt']);
    expect(await readdir(path)).toEqual(['ab.txt']);
  });

  it('that is discarded leaves nothing', async () => {
    const folder = await NewFolder.create(path);
    await folder.write('a.txt', 'a');
    await folder.discard();
    expect(await inRoot()).toEqual(['deep']);
  });

  it('may be there, if it is empty', async () => {
    await mkdir(path, { recursive: true });
    const folder = await NewFolder.create(path);
    await folder.write('a.txt', 'a');
    await folder.finish();
    expect(await readFile(join(path, 'a.txt'), 'utf8')).toBe('a');
  });

  it('is made by one at a time', async () => {
    await mkdir(join(root, 'deep'));
    await writeFile(`${path}.lock`, JSON.stringify({ pid: process.ppid, host: hostname(), id: 'x' }));
    await expect(NewFolder.create(path)).rejects.toThrow(`Another vilasr is writing to ${path}`);
  });

  it.skipIf(process.platform === 'win32')('says that the disk is full', async () => {
    const folder = await NewFolder.create(path);
    await symlink('/dev/full', join(folder.partial, 'full'));
    await expect(folder.write('full', 'a')).rejects.toThrow(`Cannot write to ${path}: the disk is full.`);
    const file = await folder.stream('full');
    await expect(file.write('a')).rejects.toThrow('the disk is full');
    await file.close();
    await folder.discard();
  });
});
