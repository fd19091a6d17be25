import { existsSync, readdirSync } from 'node:fs';
import { copyFile, readFile, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { endedLineage } from '../../../../src/host/view/shown';
import { NoSuchImage, type Subject, TraceImages } from '../../../../src/host/view/trace-images';
import { decodeImage } from '../../../../src/image/decode/decode';
import { loadImage } from '../../../../src/image/load';
import { paint } from '../../../../src/image/paint';
import { type ImageRenderer, type RenderRequest, renderImage } from '../../../../src/image/render';
import { withDerived } from '../../../../src/trace/derive';
import { formatAnswerTurn, formatDrawingTurn } from '../../../../src/trace/format-turn';
import type { Trace } from '../../../../src/trace/trace';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { sampleTrace } from '../../trace/sample-trace';

const maze = join(import.meta.dirname, '../../../../media/samples/maze.png');
const limits = { factor: 28, minPixels: 3136, maxPixels: 351_232 };
const spoken = (text: string) => ({ text, finish: 'stop', tokens: null, seconds: null }) as const;

/** Image 2 is image 1 with a box, image 3 is image 2 with a line; run's facts as in the sample. */
const trace: Trace = withDerived({
  ...sampleTrace,
  images: [{ path: 'maze.png', file: null, model: null }],
  turns: [
    spoken(formatDrawingTurn('A box.', [{ index: 1, bbox_2d: [5, 5, 60, 50], label: 'box' }])),
    spoken(
      formatDrawingTurn('A line.', [
        { index: 2, start_point_2d: [9, 9], end_point_2d: [80, 70], label: 'line' },
      ]),
    ),
    spoken(formatAnswerTurn('Done.', 'B')),
  ],
});

let requests: RenderRequest[];
const renderer: ImageRenderer = {
  render: (request) => {
    requests.push(request);
    return renderImage(request);
  },
};

let folder: string;
let images: TraceImages;
beforeEach(async () => {
  requests = [];
  folder = join(await temporaryFolder(), 'images');
  images = new TraceImages(renderer, folder);
});

const subjectOf = (of: Trace, file = maze): Subject => ({
  trace: of,
  lineage: endedLineage(of),
  limits,
  locate: async () => file,
});
const pixels = async (path: string) => Buffer.from((await decodeImage(await readFile(path))).data);

it('are what the model saw, pixel for pixel', async () => {
  const subject = subjectOf(trace);
  const made = await images.get(subject, 3, 'seen');
  const { image, file } = await loadImage(maze, limits);
  expect(made).toMatchObject({ file, model: { width: image.width, height: image.height } });
  const [, second, third] = subject.lineage;
  if (second === undefined || third === undefined) throw new Error('the trace draws two images');
  const expected = paint(paint(image, second.canvas), third.canvas);
  expect((await pixels(made.path)).equals(expected.data)).toBe(true);
});

it('are the undrawn input where that is asked for', async () => {
  const made = await images.get(subjectOf(trace), 3, 'base');
  expect((await pixels(made.path)).equals((await loadImage(maze, limits)).image.data)).toBe(true);
  expect(made.path).toBe((await images.get(subjectOf(trace), 1, 'seen')).path);
});

it('are made once, also for several who ask at the same time', async () => {
  const subject = subjectOf(trace);
  await Promise.all([1, 2, 3, 3, 2].map((number) => images.get(subject, number, 'seen')));
  await images.get(subjectOf({ ...trace, id: 'another' }), 3, 'seen');
  expect(requests).toHaveLength(3);
});

it('are made anew where the picture on the disk became another one', async () => {
  const copy = join(await temporaryFolder(), 'maze.png');
  await copyFile(maze, copy);
  const before = await images.get(subjectOf(trace, copy), 2, 'seen');
  await utimes(copy, new Date(), new Date(Date.now() + 5000));
  const after = await images.get(subjectOf(trace, copy), 2, 'seen');
  expect(after.path).not.toBe(before.path);
});

it('have the size that the trace says the model saw', async () => {
  const sized = withDerived({
    ...trace,
    images: [{ path: 'maze.png', file: null, model: { width: 84, height: 56 } }],
  });
  expect((await images.get(subjectOf(sized), 2, 'seen')).model).toEqual({ width: 84, height: 56 });
});

it('are the base image where the run showed none with drawings', async () => {
  const run = trace.run === null ? null : { ...trace.run, drawing: false };
  const subject = subjectOf({ ...trace, run });
  expect((await images.get(subject, 3, 'seen')).path).toBe((await images.get(subject, 1, 'seen')).path);
});

describe('an image that cannot be made', () => {
  it('is one that the trace does not have', async () => {
    await expect(images.get(subjectOf(trace), 4, 'seen')).rejects.toBeInstanceOf(NoSuchImage);
    await expect(images.get(subjectOf(trace), 0, 'base')).rejects.toBeInstanceOf(NoSuchImage);
  });

  it('is tried again the next time', async () => {
    const copy = join(await temporaryFolder(), 'maze.png');
    await expect(images.get(subjectOf(trace, copy), 2, 'seen')).rejects.toThrow('there is no such file');
    await copyFile(maze, copy);
    expect(existsSync((await images.get(subjectOf(trace, copy), 2, 'seen')).path)).toBe(true);
  });
});

it('go, those used longest ago first, where all together are too large; and are made again', async () => {
  const subject = subjectOf(trace);
  const { path } = await images.get(subject, 3, 'seen');
  const expected = await pixels(path);
  const one = (await readFile(path)).length;
  await rm(folder, { recursive: true });
  const small = new TraceImages(renderer, folder, one + 10);
  await small.get(subject, 3, 'seen');
  expect(readdirSync(folder)).toHaveLength(1);
  await small.get(subject, 1, 'seen');
  const again = await small.get(subject, 3, 'seen');
  expect((await pixels(again.path)).equals(expected)).toBe(true);
  await small.clear();
  expect(existsSync(folder)).toBe(false);
});
