import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { isInside, PathRefused, resolveImage } from '../../../../src/dataset/source/image-roots';
import { temporaryFolder } from '../../../helpers/temporary-folder';

let base: string;
let folder: string;
beforeEach(async () => {
  base = await temporaryFolder();
  folder = join(base, 'workspace', 'traces');
  await mkdir(folder, { recursive: true });
  await writeFile(join(base, 'workspace', 'in.png'), '');
  await writeFile(join(base, 'out.png'), '');
});

const look = (path: string, more: { roots?: string[]; followLinks?: boolean } = {}) =>
  resolveImage(path, {
    folder,
    roots: [folder, ...(more.roots ?? [])],
    followLinks: more.followLinks ?? false,
  });

describe('a path of a trace', () => {
  it('starts from the folder of its file', async () => {
    expect(await look('images/a.png')).toBe(join(folder, 'images', 'a.png'));
  });

  it('may go up within the folders that are open', async () => {
    const roots = [join(base, 'workspace')];
    expect(await look('../in.png', { roots })).toBe(join(base, 'workspace', 'in.png'));
    expect(await look(join(base, 'workspace', 'in.png'), { roots })).toBe(join(base, 'workspace', 'in.png'));
  });

  it.each(['../in.png', '../../out.png', '/etc/hostname', 'a/../../in.png', '..', '../traces2/a.png'])(
    'may not leave them: %s',
    async (path) => {
      await expect(look(path)).rejects.toBeInstanceOf(PathRefused);
      await expect(look(path)).rejects.toThrow('leads out of the folders that are open');
    },
  );

  it('may not leave them by a link, but for where they are trusted', async () => {
    await symlink(join(base, 'out.png'), join(folder, 'link.png'));
    await expect(look('link.png')).rejects.toThrow('is a link out of the folders that are open');
    expect(await look('link.png', { followLinks: true })).toBe(join(folder, 'link.png'));
    await expect(look('../../out.png', { followLinks: true })).rejects.toBeInstanceOf(PathRefused);
  });

  it('may follow a link that stays within them', async () => {
    await symlink(join(base, 'workspace', 'in.png'), join(folder, 'link.png'));
    expect(await look('link.png', { roots: [join(base, 'workspace')] })).toBe(join(folder, 'link.png'));
  });
});

it('tells a folder from one whose name begins with its name', () => {
  expect(isInside('/a/b', '/a')).toBe(true);
  expect(isInside('/a', '/a')).toBe(true);
  expect(isInside('/ab', '/a')).toBe(false);
  expect(isInside('/a/..b', '/a')).toBe(true);
});
