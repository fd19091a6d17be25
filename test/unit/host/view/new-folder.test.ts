import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { fillNewFolder, makeNewFolder } from '../../../../src/host/view/new-folder';
import { temporaryFolder } from '../../../helpers/temporary-folder';

it('is one that was not there before: what was there stays as it is', async () => {
  const parent = await temporaryFolder();
  await mkdir(join(parent, 'maze-7'));
  await writeFile(join(parent, 'maze-7', 'image-1.png'), 'mine');
  await writeFile(join(parent, 'maze-7-2'), 'mine too');
  expect(await makeNewFolder(parent, 'maze-7')).toBe(join(parent, 'maze-7-3'));
  expect(await makeNewFolder(parent, 'maze-7')).toBe(join(parent, 'maze-7-4'));
  expect(await readdir(join(parent, 'maze-7'))).toEqual(['image-1.png']);
});

it.each([
  ['../../out', 'out'],
  ['/etc/x', 'etc-x'],
  ['a\\b:c*', 'a-b-c'],
  ['..', 'trace'],
  ['', 'trace'],
  ['Straße 7.', 'Straße-7'],
  ['x'.repeat(300), 'x'.repeat(80)],
])('has a name that leads nowhere else, whatever the trace is called: %j', async (name, expected) => {
  const parent = await temporaryFolder();
  const folder = await makeNewFolder(parent, name);
  expect([dirname(folder), basename(folder)]).toEqual([parent, expected]);
});

it('is not made where nothing may be written', async () => {
  const parent = await temporaryFolder();
  await expect(makeNewFolder(join(parent, 'missing'), 'a')).rejects.toThrow('ENOENT');
});

it('is gone again where it could not be filled, or somebody cancelled', async () => {
  const parent = await temporaryFolder();
  const half = (folder: string) => writeFile(join(folder, 'image-1.png'), 'half');
  const failing = fillNewFolder(parent, 'maze', async (folder) => {
    await half(folder);
    throw new Error('no more room');
  });
  await expect(failing).rejects.toThrow('no more room');
  const cancelled = fillNewFolder(parent, 'maze', (folder) => half(folder).then(() => false));
  expect(await cancelled).toBeNull();
  expect(await readdir(parent)).toEqual([]);
  const whole = await fillNewFolder(parent, 'maze', (folder) => half(folder).then(() => true));
  expect(whole).toBe(join(parent, 'maze'));
  expect(await readdir(join(parent, 'maze'))).toEqual(['image-1.png']);
});
