import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, TraceViewPage, type Workbench } from './harness/open-view';
import { MAZE, PICTURES, SCENE, shown } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

const RED = [255, 0, 0, 255];
const BLACK = [0, 0, 0, 255];
const NOTHING = [0, 0, 0, 0];

/** The scene at one CSS pixel for one of model space, at its first or second turn. */
async function openScene(turn: 1 | 2): Promise<TraceViewPage> {
  const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: [shown(SCENE)] });
  await view.chooseTurn(turn);
  await view.waitForShapes(turn === 1 ? 2 : 4);
  await view.host.call('command', { command: 'zoomToActualSize' });
  await view.page.waitForSelector('[data-testid=stage][data-scale="1"]');
  return view;
}

describe('the stage', () => {
  it('draws a box where the model sees it: inwards from its corners, 4 wide, with a halo around', async () => {
    const view = await openScene(1);
    // The box [31, 59, 53, 81] is the first of the list, so red. Its right column is 53.
    expect(await view.canvasPixel(31.5, 70.5)).toEqual(RED);
    expect(await view.canvasPixel(34.5, 70.5)).toEqual(RED);
    expect(await view.canvasPixel(53.5, 70.5)).toEqual(RED);
    expect(await view.canvasPixel(40.5, 81.5)).toEqual(RED);
    expect(await view.canvasPixel(30.5, 70.5)).toEqual(BLACK);
    expect(await view.canvasPixel(54.5, 70.5)).toEqual(BLACK);
    expect(await view.canvasPixel(42.5, 70.5)).toEqual(NOTHING);
    await view.close();
  });

  it('keeps strokes as thin as they are however far it zooms in, at the same places of the image', async () => {
    const view = await openScene(1);
    await view.host.call('command', { command: 'zoomToFit' });
    await expect.poll(() => view.scale()).toBeGreaterThan(3);
    expect(await view.canvasPixel(31.5, 70.5)).toEqual(RED);
    expect(await view.canvasPixel(34.5, 70.5)).toEqual(NOTHING);
    await view.close();
  });

  it('shows a shape that reaches out of the image, says so, and makes room for it when asked', async () => {
    const view = await openScene(2);
    // The rim goes on to (190, 170); the image ends at 140.
    expect((await view.canvasPixel(188.5, 120.5))[3]).toBe(255);
    expect(await view.byId('stage-notices').innerText()).toContain('1 shape reaches out of the image.');
    await view.byId('zoom-all').click();
    await expect.poll(() => view.scale()).not.toBe(1);
    const [scale, x] = await view.placement();
    const stage = await view.byId('stage').boundingBox();
    expect(x + 191 * scale).toBeLessThan(stage?.width ?? 0);
    await view.close();
  });

  it('shows what the model saw in place of the shapes, with the ghosts among those pixels outlined', async () => {
    const view = await openScene(2);
    const before = await view.byId('picture').getAttribute('src');
    await view.byId('toggle-seen').click();
    await view.waitForShapes(1);
    expect(await view.byId('stage').getAttribute('data-pixels')).toBe('seen');
    await expect.poll(() => view.byId('picture').getAttribute('src')).not.toBe(before);
    expect(view.host.asked).toContain('image {"revision":0,"number":3,"pixels":"seen"}');
    expect((await view.canvasPixel(21.5, 100.5))[3]).toBe(0);
    await view.byId('toggle-ghosts').click();
    await view.waitForShapes(0);
    await view.close();
  });

  it('asks for the pixels of an input once, whatever is drawn on it', async () => {
    const view = await openScene(1);
    await view.chooseTurn(2);
    await view.chooseTurn(3);
    await view.chooseTurn(1);
    expect(view.host.asked.filter((asked) => asked.startsWith('image'))).toEqual([
      'image {"revision":0,"number":1,"pixels":"base"}',
    ]);
    await view.close();
  });

  it('says where the pointer is, in model space and on the file', async () => {
    const view = await openScene(1);
    await view.moveTo(100.5, 20.5);
    expect(await view.byId('position').innerText()).toBe('model 100, 20 · file 201, 41');
    await view.close();
  });

  it('keeps what is under the pointer in its place as the wheel zooms', async () => {
    const view = await openScene(1);
    await view.moveTo(70, 70);
    const before = await view.pointOf(70, 70);
    await view.page.mouse.wheel(0, -120);
    await expect.poll(() => view.scale()).not.toBe(1);
    const after = await view.pointOf(70, 70);
    // Model space begins at a whole pixel of the screen.
    expect(Math.abs(after.x - before.x)).toBeLessThanOrEqual(1);
    expect(Math.abs(after.y - before.y)).toBeLessThanOrEqual(1);
    await view.close();
  });

  it('moves along with a drag, and with the arrow keys when it has the focus', async () => {
    const view = await openScene(1);
    const [, x, y] = await view.placement();
    await view.moveTo(5, 5);
    await view.page.mouse.down();
    const from = await view.pointOf(5, 5);
    await view.page.mouse.move(from.x + 30, from.y + 20, { steps: 3 });
    await view.page.mouse.up();
    await expect.poll(async () => (await view.placement())[1]).toBe(x + 30);
    expect(await view.placement()).toEqual([1, x + 30, y + 20]);
    await view.byId('stage').focus();
    await view.page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await view.placement())[1]).toBe(x - 10);
    await view.close();
  });

  it('zooms with plus, minus, 0 and 1 when it has the focus, and leaves keys of commands alone', async () => {
    const view = await openScene(1);
    await view.byId('stage').focus();
    await view.page.keyboard.press('+');
    await expect.poll(() => view.scale()).toBe(1.25);
    await view.page.keyboard.press('Control+-');
    await view.page.keyboard.press('Alt+ArrowLeft');
    await view.page.keyboard.press('-');
    await expect.poll(() => view.scale()).toBe(1);
    await view.page.keyboard.press('0');
    await expect.poll(() => view.scale()).toBeGreaterThan(3);
    await view.page.keyboard.press('1');
    await expect.poll(() => view.scale()).toBe(1);
    await view.close();
  });

  it('asks once more for an image whose pixels are gone by the time it loads them', async () => {
    let asked = 0;
    const uri = workbench.server.addImage('found-again', await readFile(PICTURES['scene.png']));
    const view = await TraceViewPage.open(workbench, {
      traces: [shown(SCENE)],
      handlers: {
        image: () => ({
          uri: asked++ === 0 ? uri.replace('found-again', 'gone') : uri,
          width: 140,
          height: 140,
          file: { width: 280, height: 280 },
        }),
      },
    });
    await expect.poll(() => view.byId('picture').getAttribute('src')).toBe(uri);
    expect(asked).toBe(2);
    await view.close();
  });

  it('shows no pixels of another trace that the extension has already gone on to, but those that come with it', async () => {
    const traces = [shown(SCENE), shown({ ...MAZE, id: SCENE.id })];
    const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces });
    await view.page.waitForSelector('[data-testid=picture]');
    view.host.choose(1);
    // It is asked for while the view still shows the trace before.
    await view.byId('toggle-seen').click();
    await expect.poll(() => view.host.asked.at(-1)).toContain('"pixels":"seen"');
    expect(await view.byId('picture').count()).toBe(0);
    await view.host.call('show', view.host.state());
    await expect.poll(() => view.byId('picture').getAttribute('src')).toContain('seen');
    const width = await view
      .byId('picture')
      .evaluate((picture: { naturalWidth: number }) => picture.naturalWidth);
    expect(width).toBe(112);
    await view.byId('toggle-seen').click();
    await expect.poll(() => view.byId('picture').getAttribute('src')).toContain('base');
    expect(await view.byId('stage-notices').innerText()).toBe('');
    await view.close();
  });

  it('says why an image cannot be shown, and shows the shapes all the same', async () => {
    const view = await TraceViewPage.open(workbench, { pictures: {}, traces: [shown(SCENE)] });
    await view.waitForShapes(2);
    await view
      .byId('stage-notices')
      .getByText('This image cannot be shown: scene.png is not there.')
      .waitFor();
    await view.close();
  });
});
