import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { findImage } from '../../../../src/dataset/source/image-paths';
import { temporaryFolder } from '../../../helpers/temporary-folder';

let base: string;
let folder: string;
beforeEach(async () => {
  base = await temporaryFolder();
  folder = join(base, 'data', 'cold_start');
  await mkdir(folder, { recursive: true });
});

async function put(...way: string[]): Promise<string> {
  const file = join(base, ...way);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, '');
  return file;
}

const find = (path: string, ...roots: string[]) =>
  findImage(path, { folder, roots: [folder, ...roots], followLinks: false });

describe('an image path is followed', () => {
  it('from the folder of its file', async () => {
    const file = await put('data', 'cold_start', 'maze', '0.png');
    expect(await find('maze/0.png')).toEqual({ file });
  });

  it('from a folder that this one lies in, within the roots', async () => {
    const file = await put('data', 'cold_start', 'maze', '0.png');
    // What it leads to lies in the file's own folder.
    expect(await find('./cold_start/maze/0.png')).toEqual({ file });
    const beside = await put('data', 'rl', '1.png');
    expect(await find('rl/1.png', join(base, 'data'))).toEqual({ file: beside });
  });

  it('from a root that was given', async () => {
    const file = await put('elsewhere', 'maze', '0.png');
    expect(await find('maze/0.png', join(base, 'elsewhere'))).toEqual({ file });
  });

  it('from where the name of a root stands in it, as where a data set was moved', async () => {
    const file = await put('elsewhere', 'spar', 'maze', '0.png');
    const root = join(base, 'elsewhere', 'spar');
    expect(await find('./spar/maze/0.png', root)).toEqual({ file });
    expect(await find('/data/ann/spar/maze/0.png', root)).toEqual({ file });
    expect(await find('C:\\data\\spar\\maze\\0.png', root)).toEqual({ file });
    expect(await find('/data/ann/spar/../../maze/0.png', root)).toMatchObject({ problem: 'refused' });
    expect(await find('/data/ann/spar/1.png', root)).toMatchObject({ problem: 'missing' });
  });

  it('from the nearest of these first', async () => {
    await put('data', 'a.png');
    const near = await put('data', 'cold_start', 'a.png');
    expect(await find('a.png', base)).toEqual({ file: near });
  });

  it('if it is absolute, within the roots', async () => {
    const file = await put('data', 'cold_start', 'a.png');
    expect(await find(file)).toEqual({ file });
    expect(await find(await put('out.png'))).toMatchObject({ problem: 'refused' });
  });
});

describe('an image that is not found', () => {
  it('is missing, and it is said where it was looked for', async () => {
    const root = join(base, 'elsewhere');
    expect(await find('b/a.png', root)).toEqual({
      problem: 'missing',
      message: `No file is at ${join(folder, 'b', 'a.png')}, ${join(root, 'b', 'a.png')}.`,
    });
    await mkdir(join(folder, 'b', 'a.png'), { recursive: true });
    expect(await find('b/a.png')).toMatchObject({ problem: 'missing' });
  });

  it('is refused where its path, or a link, leads out of the roots', async () => {
    const out = await put('data', 'out.png');
    expect(await find('../out.png')).toEqual({
      problem: 'refused',
      message: `"../out.png" leads out of the folders that images may come from: ${folder}.`,
    });
    await symlink(out, join(folder, 'link.png'));
    expect(await find('link.png')).toMatchObject({ problem: 'refused' });
    expect(await find('link.png', join(base, 'data'))).toEqual({ file: join(folder, 'link.png') });
  });
});
