import { expect, it } from 'vitest';
import { copiedTrace } from './harness/copied-trace';
import { useSession } from './harness/session';
import { MAZE, SCENE } from './harness/workspace';

const FRAMES = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`clip/frame-${i + 1}.png`, SCENE]));
const session = useSession({
  files: { 'view-9.png': SCENE, 'view-10.png': MAZE, 'notes.txt': 'no picture', ...FRAMES },
});

it('several images are shown in natural order, which can be changed, and asked about together', async () => {
  const { workbench } = session();
  const { explorer, quickInput, view } = workbench;
  await explorer.select('view-10.png', 'view-9.png');
  await workbench.askAbout('view-9.png');
  await quickInput.waitUntilShown('Images in the Order');
  await expect.poll(files).toEqual(['1. view-9.png', '2. view-10.png']);
  await quickInput.pressOf('1. view-9.png', 'Later');
  await expect.poll(files).toEqual(['1. view-10.png', '2. view-9.png']);
  await quickInput.accept();
  await workbench.putQuestion('How many green triangles are there?', 'Number');
  await view.waitForEnd();
  const trace = await copiedTrace(session());
  expect(trace?.kind).toBe('multi-view');
  expect(trace?.type).toBe('numerical');
  expect(trace?.images.map(({ path }) => path.split('/').at(-1))).toEqual(['view-10.png', 'view-9.png']);
  expect(trace?.images.map(({ model }) => model?.width)).toEqual([112, 140]);
  for (const number of [1, 2]) {
    await view.choosePicture(number);
    await view.waitForImage(number);
    expect(await view.picturePixels()).toEqual(number === 1 ? [112, 112] : [140, 140]);
  }
});

it('of a folder of frames sixteen are asked about, spread evenly, as one video', async () => {
  const { workbench } = session();
  const { quickInput, view } = workbench;
  await workbench.askAbout('clip', 'Ask About Frames in Folder…');
  await quickInput.waitUntilShown('Images in the Order');
  await expect.poll(async () => (await files()).length).toBeGreaterThan(9);
  await quickInput.accept();
  await workbench.putQuestion('Where does the triangle go?', 'Free form');
  await view.waitForEnd();
  const trace = await copiedTrace(session());
  expect(trace?.kind).toBe('video');
  expect(trace?.source).toMatchObject({ frames: 40 });
  const numbers = trace?.images.map(({ path }) => Number(/frame-(\d+)\.png$/.exec(path)?.[1]));
  expect(numbers).toEqual([1, 4, 6, 9, 11, 14, 17, 19, 22, 24, 27, 30, 32, 35, 37, 40]);
  const strip = view.byRole('listbox', 'Filmstrip');
  await strip.getByRole('option', { name: 'Image 16: input' }).waitFor();
});

it('the number of frames is a setting', async () => {
  const { workbench, probe } = session();
  await probe.configure('vilasr.video.frames', 3);
  await workbench.askAbout('clip', 'Ask About Frames in Folder…');
  await workbench.quickInput.waitUntilShown('Images in the Order');
  await expect.poll(files).toEqual(['1. frame-1.png', '2. frame-21.png', '3. frame-40.png']);
  await workbench.quickInput.cancel();
});

it('more images than a run may have are not asked about before some are left out', async () => {
  const { workbench, probe } = session();
  const { quickInput } = workbench;
  await probe.configure('vilasr.limits.maxImages', 2);
  await workbench.askAbout('clip', 'Ask About Frames in Folder…');
  await quickInput.waitUntilShown('Images in the Order');
  await expect
    .poll(() => quickInput.labels())
    .toContainEqual(expect.stringContaining('3 images are more than the 2'));
  await quickInput.accept();
  await quickInput.waitUntilShown('Images in the Order');
  await quickInput.pressOf('2. frame-21.png', 'Leave Out');
  await expect.poll(files).toEqual(['1. frame-1.png', '2. frame-40.png']);
  await quickInput.choose('Ask about these 2 images');
  await quickInput.waitUntilShown(/^Ask About/);
  await quickInput.cancel();
});

/** The files that are listed in the order in which the model will see them. */
async function files(): Promise<string[]> {
  const labels = await session().workbench.quickInput.labels();
  return labels.filter((label) => /^\d+\. /.test(label));
}
