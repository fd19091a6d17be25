import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { classify } from '../../../../src/host/ask/selection';
import { temporaryFolder } from '../../../helpers/temporary-folder';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

async function put(...names: string[]): Promise<string[]> {
  const paths = names.map((name) => join(folder, name));
  for (const path of paths) {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, '');
  }
  return paths;
}

it('takes pictures of every kind that is read, in natural order', async () => {
  const paths = await put(
    'v10.png',
    'v9.JPG',
    'v1.jpeg',
    'v2.webp',
    'v3.bmp',
    'v4.gif',
    'v5.tif',
    'v6.tiff',
    'v7.avif',
  );
  const selection = await classify(paths);
  expect(selection).toEqual({
    type: 'pictures',
    files: [2, 3, 4, 5, 6, 7, 8, 1, 0].map((i) => paths[i]),
  });
});

it('takes the pictures of a folder for frames, and nothing else that is in it', async () => {
  const frames = await put('video/f2.png', 'video/f10.png');
  await put('video/notes.txt', 'video/deeper/f1.png');
  await mkdir(join(folder, 'video', 'f3.png'));
  const video = join(folder, 'video');
  expect(await classify([video])).toEqual({ type: 'frames', folder: video, files: frames });
});

it('takes a video alone', async () => {
  const [file = ''] = await put('clip.MP4');
  expect(await classify([file])).toEqual({ type: 'video', file });
});

it('says what does not fit, and why', async () => {
  const [picture = '', text = '', video = '', inFolder = ''] = await put(
    'a.png',
    'a.txt',
    'a.mp4',
    'empty/a.txt',
  );
  const empty = join(inFolder, '..');
  const missing = join(folder, 'gone.png');
  const why = async (...paths: string[]) => classify(paths);
  expect(await why(picture, text)).toEqual({ type: 'unfit', path: text, why: 'no-picture' });
  expect(await why(empty)).toEqual({ type: 'unfit', path: empty, why: 'empty-folder' });
  expect(await why(picture, video)).toEqual({ type: 'unfit', path: video, why: 'mixed' });
  expect(await why(picture, empty)).toEqual({ type: 'unfit', path: empty, why: 'mixed' });
  expect(await why(missing)).toEqual({ type: 'unfit', path: missing, why: 'missing' });
});
