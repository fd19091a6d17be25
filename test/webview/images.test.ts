import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatAnswerTurn, formatDrawingTurn } from '../../src/trace/format-turn';
import { openWorkbench, TraceViewPage, type ViewOptions, type Workbench } from './harness/open-view';
import { THEMES } from './harness/themes';
import { editable, PICTURES, shown, traceOf } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

const image = (path: string) => ({
  ...{ path, file: { width: 112, height: 112 }, model: { width: 112, height: 112 } },
});
const SCENE = { path: 'scene.png', file: { width: 280, height: 280 }, model: { width: 140, height: 140 } };
const box = (index: number, label: string) => ({ index, bbox_2d: [10, 20, 40, 50], label }) as const;

/** Of two inputs: 3 is drawn on 1, 4 on 3. */
const TRACE = traceOf({
  kind: 'multi-view',
  images: [image('maze.png'), SCENE],
  turns: [
    formatDrawingTurn('On image 1.', [box(1, 'goal')]),
    formatDrawingTurn('Again.', [box(3, 'start')]),
    formatAnswerTurn('So.', 'A'),
  ],
});

async function open(options: Partial<ViewOptions> = {}): Promise<TraceViewPage> {
  const traces = [editable(TRACE)];
  const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces, ...options });
  await view.byId('image-map').waitFor();
  return view;
}

const rows = (view: TraceViewPage) => view.page.locator('[data-testid=image-map] [role=option]');
/** The row of an image: rows are in the order in which one was drawn on the other. */
const row = (view: TraceViewPage, number: number) =>
  rows(view).filter({ has: view.page.locator(`[data-image="${number}"]`) });
const labels = (view: TraceViewPage) => view.host.edits.map(({ label }) => label);
const inputs = (view: TraceViewPage) => view.host.state().shown.trace?.images.map(({ path }) => path);
const indices = (view: TraceViewPage) =>
  view.host.texts.flatMap((text) => [...text.matchAll(/"index": (\d+)/g)].map(([, index]) => Number(index)));

async function choose(view: TraceViewPage, number: number, item: string): Promise<void> {
  await row(view, number).click();
  await view.byId('image-menu').click();
  await view.page.getByRole('menuitem', { name: item, exact: true }).click();
}

describe('the input images', () => {
  it('change places by the menu of the images, by the keyboard too; what is drawn stays on them', async () => {
    const view = await open();
    await row(view, 1).click();
    await view.byId('image-menu').focus();
    await view.page.keyboard.press('Enter');
    // Keys go to the menu once it has the focus.
    await view.page.locator('[role=menuitem]:focus').waitFor();
    await view.page.keyboard.press('End');
    await view.page.keyboard.press('Home');
    for (let i = 0; i < 2; i++) await view.page.keyboard.press('ArrowDown');
    await view.page.keyboard.press('Enter');
    await expect.poll(() => labels(view)).toEqual(['Move Image 1 Down']);
    expect(inputs(view)).toEqual(['scene.png', 'maze.png']);
    expect(indices(view)).toEqual([2, 3]);
    // The numbers are right already: none are offered to be made right.
    expect(await view.byId('notices').innerText()).toBe('');
    await expect.poll(() => row(view, 2).getAttribute('aria-selected')).toBe('true');
    await view
      .byId('turn-1')
      .getByRole('button', { name: /^Fix: Image 1 is image 2 now/ })
      .click();
    await expect.poll(() => view.host.texts[0]).toContain('On image 2.');
    await view.host.undo();
    await view.host.undo();
    await expect.poll(() => inputs(view)).toEqual(['maze.png', 'scene.png']);
    expect(view.host.texts).toEqual(TRACE.turns.map(({ text }) => text));
    await view.close();
  });

  it('are added and replaced by files that the user chooses, or not', async () => {
    const answers = [null, [SCENE, image('maze.png')], [{ ...SCENE, path: 'other.png' }]];
    const view = await open({
      pictures: { ...PICTURES, 'other.png': PICTURES['scene.png'] },
      handlers: { chooseImages: () => answers.shift() ?? null },
    });
    await choose(view, 1, 'Add Images…');
    await choose(view, 1, 'Add Images…');
    await expect.poll(() => labels(view)).toEqual(['Add 2 Images']);
    expect(inputs(view)).toEqual(['maze.png', 'scene.png', 'scene.png', 'maze.png']);
    expect(indices(view)).toEqual([1, 5]);
    await expect.poll(() => row(view, 3).getAttribute('aria-selected')).toBe('true');
    await choose(view, 1, 'Replace Image 1…');
    await expect.poll(() => labels(view)).toEqual(['Add 2 Images', 'Replace Image 1']);
    await view.byId('turn-1').getByText('is drawn on image 1, which has changed').waitFor();
    expect(view.host.asked.filter((asked) => asked.startsWith('chooseImages'))).toEqual([
      'chooseImages {"several":true}',
      'chooseImages {"several":true}',
      'chooseImages {"several":false}',
    ]);
    await view.close();
  });

  it('are left alone, and it is said why, where the chosen file may not be one', async () => {
    const message = '"../x.png" leads out of the folders that images may come from: /data.';
    const refuse = () => {
      throw new Error(message);
    };
    const view = await open({ handlers: { chooseImages: refuse } });
    await choose(view, 1, 'Add Images…');
    await view.byId('notices').getByText(message).waitFor();
    expect(labels(view)).toEqual([]);
    await view.close();
  });

  it('are removed with what is drawn on them, or leave it without an image, which is an error', async () => {
    const view = await open();
    await choose(view, 1, 'Remove Image 1');
    await expect.poll(() => labels(view)).toEqual(['Remove Image 1']);
    await view.byId('turn-1').getByText('Images are counted from 1; the drawing names image 0.').waitFor();
    await view.byId('turn-2').getByText('the drawing names image 3').waitFor();
    await view.host.undo();
    await expect.poll(() => rows(view).count()).toBe(4);
    await choose(view, 1, 'Remove Image 1 and Its Shapes');
    await expect.poll(() => labels(view)).toEqual(['Remove Image 1 and Its Shapes']);
    expect(indices(view)).toEqual([]);
    // The last one is not removed.
    await view.byId('image-menu').click();
    await view.page.getByRole('menuitem', { name: 'Replace Image 1…' }).waitFor();
    expect(await view.page.getByRole('menuitem').count()).toBe(2);
    expect(view.complaints).toEqual([]);
    await view.close();
  });

  it('have no menu where nothing can be edited, and only a new one for an image that was drawn', async () => {
    const fixed = await open({ traces: [shown(TRACE)] });
    expect(await fixed.byId('image-menu').count()).toBe(0);
    await fixed.close();
    const view = await open();
    await row(view, 3).click();
    await view.byId('image-menu').click();
    expect(await view.page.getByRole('menuitem').allInnerTexts()).toEqual(['Add Images…']);
    await view.close();
  });

  for (const theme of THEMES) {
    it(`can be looked at in ${theme}`, async () => {
      const view = await open({ theme });
      await choose(view, 1, 'Remove Image 1');
      await view.byId('turn-1').getByText('the drawing names image 0').waitFor();
      await view.host.undo();
      await choose(view, 1, 'Move Image 1 Down');
      await view.byId('image-menu').click();
      await view.page.getByRole('menuitem', { name: 'Move Image 2 Up' }).focus();
      await view.screenshot(`images-${theme}`);
      expect(view.complaints).toEqual([]);
      await view.close();
    });
  }
});
