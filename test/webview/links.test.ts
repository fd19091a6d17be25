import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, TraceViewPage, type Workbench } from './harness/open-view';
import { PICTURES, SCENE, shown } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

async function openScene(): Promise<TraceViewPage> {
  const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: [shown(SCENE)] });
  await view.chooseTurn(2);
  await view.waitForShapes(4);
  return view;
}

/** The second turn's first drawing, a green triangle that takes the place of the first turn's. */
const TRIANGLE = ['json 1.0', 'mention 1.0', 'shape-row 1.0'];

describe('a shape, its JSON and the words that name it', () => {
  it('light up together when the shape is pointed at, and go out when the pointer leaves it', async () => {
    const view = await openScene();
    await view.moveTo(21, 110);
    await expect.poll(() => view.lit()).toEqual(TRIANGLE);
    await view.moveTo(5, 5);
    await expect.poll(() => view.lit()).toEqual([]);
    await view.close();
  });

  it('light up together when the JSON is pointed at, and the shape stands out on the canvas', async () => {
    const view = await openScene();
    const middle = () => view.canvasPixel(40, 110);
    expect((await middle())[3]).toBe(0);
    await view.page.locator('.json[data-shape-id="1.0"]').first().hover();
    await expect.poll(() => view.lit()).toEqual(TRIANGLE);
    await expect.poll(async () => (await middle())[3]).toBeGreaterThan(0);
    await view.close();
  });

  it('light up together when the words are pointed at, which mean what was drawn last by that name', async () => {
    const view = await openScene();
    await view.byId('turn-3').locator('.mention').hover();
    await expect.poll(() => view.lit()).toEqual(TRIANGLE);
    await view.byId('turn-1').locator('.mention', { hasText: 'green triangle' }).hover();
    // There it is the one that is a ghost by now.
    await expect.poll(() => view.lit()).toEqual(['json 0.0', 'mention 0.0', 'shape-row 0.0']);
    await view.close();
  });

  it('light up with the focus too, and stay lit once chosen with Enter, until Escape', async () => {
    const view = await openScene();
    await view.page.locator('.json[data-shape-id="1.0"]').first().focus();
    await expect.poll(() => view.lit()).toEqual(TRIANGLE);
    await view.page.keyboard.press('Enter');
    await view.byId('stage').focus();
    await expect.poll(() => view.lit()).toEqual(TRIANGLE);
    await view.page.keyboard.press('Escape');
    await expect.poll(() => view.lit()).toEqual([]);
    await view.close();
  });

  it('lead to an image that has the shape, where the chosen one does not', async () => {
    const view = await openScene();
    await view.chooseTurn(1);
    await view.waitForShapes(2);
    await view.page.locator('.json[data-shape-id="1.1"]').first().click();
    await view.page.waitForSelector('[data-testid=stage][data-image="3"]');
    await view.close();
  });

  it('lead to the JSON that stands out of sight', async () => {
    const view = await TraceViewPage.open(workbench, {
      pictures: PICTURES,
      traces: [shown(SCENE)],
      height: 420,
    });
    await view.host.call('command', { command: 'nextTurn' });
    await view.waitForShapes(4);
    await view.page.locator('#shape-list [data-shape-id="0.1"]').click();
    const json = view.page.locator('.json[data-shape-id="0.1"]').first();
    await expect.poll(async () => json.isVisible()).toBe(true);
    const [box, list] = [await json.boundingBox(), await view.byId('turns').boundingBox()];
    expect((box?.y ?? 0) + 5).toBeGreaterThan(list?.y ?? 0);
    expect(box?.y).toBeLessThan((list?.y ?? 0) + (list?.height ?? 0));
    await view.close();
  });
});

describe('findings', () => {
  it('are underlined where they are in the text, with what is wrong on them and in a list', async () => {
    const view = await openScene();
    const found = view.byId('turn-2').locator('.found');
    expect(await found.allInnerTexts()).toEqual([
      expect.stringContaining('"rim"'),
      '[1, 2, 3]',
      '{"index": 1, "label": "nothing"}',
    ]);
    expect(await found.nth(1).getAttribute('title')).toContain('A box has four numbers, not 3');
    // What is nothing wrong, that a shape is revised, comes last and is not underlined.
    expect(await view.byId('turn-2').locator('.findings li').allInnerTexts()).toEqual([
      expect.stringContaining('This reaches beyond the image'),
      expect.stringContaining('A box has four numbers, not 3'),
      expect.stringContaining('A drawing has the keys'),
      expect.stringContaining('it is revised'),
    ]);
    await view.close();
  });
});
