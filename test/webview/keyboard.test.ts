import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, TraceViewPage, type Workbench } from './harness/open-view';
import { MAZE, PICTURES, SCENE, shown, video } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

describe('with the keyboard alone', () => {
  it('every control is reached with Tab, and each has a name', async () => {
    const view = await TraceViewPage.open(workbench, {
      pictures: PICTURES,
      traces: [shown(MAZE, { run: { state: 'ended' } }), shown(SCENE)],
      abilities: { cannotRun: null, save: true, locate: false },
    });
    await view.waitForShapes(1);
    const names = new Set<string>();
    for (let i = 0; i < 60; i++) {
      await view.page.keyboard.press('Tab');
      const name = await view.page.evaluate<string>(`(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        const host = element?.getRootNode().host;
        const text = element?.getAttribute('aria-label') || host?.textContent || element?.textContent || '';
        return element === document.body ? 'END' : text.trim();
      })()`);
      if (name === 'END') break;
      expect(name).not.toBe('');
      names.add(name);
    }
    for (const wanted of [
      'Next Trace',
      'Run Again',
      'Save…',
      'Export',
      'Turn 1',
      'Step 1',
      'Image 2: image 1 with 1 shape, drawn in turn 1',
      'What the Model Saw',
      'Labels',
      'Ghosts',
      'Zoom In',
      'Zoom Out',
      'Zoom to Fit',
      'Width of the turns',
      'Shapes on image 2',
      'Images and what they were drawn on',
    ]) {
      expect([...names], wanted).toContain(wanted);
    }
    await view.close();
  });

  it('shapes are stepped through in their list, which says each as a screen reader would', async () => {
    const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: [shown(SCENE)] });
    await view.chooseTurn(2);
    await view.waitForShapes(4);
    const list = view.page.getByRole('listbox', { name: 'Shapes on image 3' });
    await list.focus();
    const active = async () => {
      const id = await list.getAttribute('aria-activedescendant');
      return view.page.locator(`[id="${id}"]`).getAttribute('aria-label');
    };
    await view.page.keyboard.press('ArrowDown');
    await expect.poll(() => view.lit()).toContain('json 1.0');
    expect(await active()).toBe(
      '1, green triangle, red box, 20, 90, 60, 125, drawn in turn 2, "green triangle" has other coordinates than in turn 1: it is revised.',
    );
    await view.page.keyboard.press('End');
    await expect
      .poll(active)
      .toBe('1, green triangle, red box, 31, 59, 53, 81, ghost: only its pixels are left, drawn in turn 1');
    await view.page.keyboard.press('ArrowUp');
    await expect
      .poll(active)
      .toBe('4, short, yellow box, 1, 2, 3, not painted: a box has four numbers, drawn in turn 2');
    await view.page.keyboard.press('Escape');
    await expect.poll(() => view.lit()).toEqual([]);
    await view.close();
  });

  it('images are chosen in the map of where they come from', async () => {
    const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: [shown(MAZE)] });
    await view.page.getByRole('listbox', { name: 'Images and what they were drawn on' }).focus();
    await view.page.keyboard.press('Home');
    await view.page.waitForSelector('[data-testid=stage][data-image="1"]');
    await view.page.keyboard.press('End');
    await view.page.waitForSelector('[data-testid=stage][data-image="4"]');
    await view.close();
  });

  it('frames of a video are chosen in the filmstrip, which says which were drawn on', async () => {
    const view = await TraceViewPage.open(workbench, {
      pictures: PICTURES,
      traces: [shown(video(45, 6, 3))],
    });
    const strip = view.page.getByRole('listbox', { name: 'Filmstrip' });
    await strip.focus();
    await view.page.keyboard.press('Home');
    await view.page.waitForSelector('[data-testid=stage][data-image="1"]');
    await view.page.keyboard.press('ArrowRight');
    await view.page.waitForSelector('[data-testid=stage][data-image="2"]');
    expect(await strip.getByRole('option').nth(0).getAttribute('aria-label')).toBe(
      'Image 1: input, drawn on',
    );
    expect(await strip.getByRole('option').nth(1).getAttribute('aria-label')).toBe('Image 2: input');
    await view.close();
  });

  it('a menu opens, is walked through and closes, and its button has the focus again', async () => {
    const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: [shown(MAZE)] });
    await view.page.getByRole('button', { name: 'Export' }).press('Enter');
    await view.page.getByRole('menu', { name: 'Export' }).waitFor();
    const focused = () => view.page.evaluate<string>('document.activeElement.textContent');
    expect(await focused()).toBe('Copy as JSON');
    await view.page.keyboard.press('ArrowUp');
    expect(await focused()).toBe('Export Images…');
    await view.page.keyboard.press('Escape');
    await expect.poll(() => view.page.getByRole('menu').count()).toBe(0);
    expect(await focused()).toBe('Export');
    await view.close();
  });

  it('commands of the extension lead from turn to turn, image to image and trace to trace', async () => {
    const view = await TraceViewPage.open(workbench, {
      pictures: PICTURES,
      traces: [shown(MAZE), shown(SCENE)],
    });
    const stage = (image: number) => view.page.waitForSelector(`[data-testid=stage][data-image="${image}"]`);
    await stage(2);
    await view.host.call('command', { command: 'nextTurn' });
    await stage(3);
    await view.host.call('command', { command: 'previousImage' });
    await stage(2);
    await view.host.call('command', { command: 'previousImage' });
    await view.host.call('command', { command: 'previousImage' });
    await stage(1);
    await view.host.call('command', { command: 'nextTrace' });
    await expect.poll(() => view.byId('trace-index').innerText()).toBe('2 of 2');
    await view.host.call('command', { command: 'toggleSeen' });
    await expect.poll(() => view.byId('stage').getAttribute('data-pixels')).toBe('seen');
    await view.close();
  });
});
