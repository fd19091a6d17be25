import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { extractFrames, NoFfmpeg, parseDuration } from '../../../../src/host/ask/ffmpeg';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { fakeFfmpeg } from './fake-ffmpeg';

const SAID = `Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'clip.mp4':
  Metadata:
    title           : Duration: 00:00:01.00, no
  Duration: 01:02:03.50, start: 0.000000, bitrate: 24 kb/s
    Stream #0:0[0x1](und): Video: h264
At least one output file must be specified`;

it('reads how long a video is from what ffmpeg says of it', () => {
  expect(parseDuration(SAID)).toBe(3723.5);
  expect(parseDuration('  Duration: N/A, bitrate: N/A')).toBeNull();
  expect(parseDuration('  Duration: 00:00:00.00, start: 0')).toBeNull();
  expect(parseDuration('clip.mp4: No such file or directory')).toBeNull();
});

it('says that there is no ffmpeg where there is none', async () => {
  const folder = await temporaryFolder();
  const video = join(folder, 'clip.mp4');
  await writeFile(video, 'no video');
  const options = { count: 2, storage: folder, signal: new AbortController().signal, onFrame: () => {} };
  const ffmpeg = join(folder, 'no-such-ffmpeg');
  await expect(extractFrames(video, { ...options, ffmpeg })).rejects.toBeInstanceOf(NoFfmpeg);
});

it('takes the same frames for two who ask at the same time, neither of whom disturbs the other', async () => {
  const folder = await temporaryFolder();
  const storage = join(folder, 'frames');
  const video = join(folder, 'clip.mp4');
  await writeFile(video, 'a video');
  const ffmpeg = await fakeFfmpeg(folder);
  const take = () =>
    extractFrames(video, {
      ...{ ffmpeg, storage, count: 3, signal: new AbortController().signal },
      onFrame: () => {},
    });
  const [first, second] = await Promise.all([take(), take()]);
  expect(first).toEqual(second);
  expect(first.map((path) => path.split(/[\\/]/).at(-1))).toEqual([
    'frame-1.png',
    'frame-2.png',
    'frame-3.png',
  ]);
  expect(await readdir(storage)).toHaveLength(1);
  expect(await take()).toEqual(first);
});
