import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, TraceViewPage, type Workbench } from './harness/open-view';
import { THEMES } from './harness/themes';
import { editable, SCENE } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

const MISSING = editable(SCENE, {
  findings: [{ code: 'missing-image', severity: 'error', message: 'No file is at /data/scene.png.' }],
});
const abilities = { cannotRun: null, save: false, locate: true };

it('a trace whose image is missing is shown on a blank of the size that the model saw it in', async () => {
  const sizes = [
    { model: { width: 140, height: 84 }, file: { width: 280, height: 168 } },
    { model: null, file: { width: 280, height: 168 } },
    { model: null, file: null },
  ];
  const traces = sizes.map((size, i) => ({
    ...MISSING,
    trace: { ...SCENE, id: `scene-${i}`, images: [{ path: 'gone.png', ...size }] },
  }));
  const view = await TraceViewPage.open(workbench, { traces, abilities });
  const shown = [
    [140, 84],
    [280, 168],
    [448, 448],
  ] as const;
  for (const [i, [width, height]] of shown.entries()) {
    if (i > 0) await view.page.getByRole('button', { name: 'Next Trace' }).click();
    await view.waitForShapes(2);
    const blank = view.page.locator('.picture.missing');
    await expect
      .poll(async () => {
        const [box, scale] = [await blank.boundingBox(), await view.scale()];
        return [Math.round((box?.width ?? 0) / scale), Math.round((box?.height ?? 0) / scale)];
      })
      .toEqual([width, height]);
  }
  await view.close();
});

describe('where an image is missing', () => {
  for (const theme of THEMES) {
    it(`the finding and the stage offer to say where it is, in ${theme}`, async () => {
      const view = await TraceViewPage.open(workbench, { traces: [MISSING], abilities, theme });
      await view.waitForShapes(2);
      await view.byId('stage-notices').getByText('This image cannot be shown').waitFor();
      const buttons = view.page.getByRole('button', { name: 'Locate Images…' });
      expect(await buttons.count()).toBe(2);
      await view.screenshot(`missing-${theme}`);
      await buttons.first().click();
      await buttons.last().click();
      await expect.poll(() => view.host.asked.filter((one) => one.startsWith('locateImages')).length).toBe(2);
      await view.close();
    });
  }

  it('of a run of this window it does not', async () => {
    const view = await TraceViewPage.open(workbench, { traces: [MISSING] });
    await view.waitForShapes(2);
    expect(await view.page.getByRole('button', { name: 'Locate Images…' }).count()).toBe(0);
    await view.close();
  });
});
