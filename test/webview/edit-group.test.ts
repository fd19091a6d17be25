import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatDrawingTurn } from '../../src/trace/format-turn';
import { parseTurn } from '../../src/trace/parse-turn';
import { openWorkbench, TraceViewPage, type ViewOptions, type Workbench } from './harness/open-view';
import { THEMES } from './harness/themes';
import { editable, PICTURES, SCENE, traceOf } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

const box = (index: number, corners: [number, number, number, number], label: string) =>
  ({ index, bbox_2d: corners, label }) as const;

/** Three boxes of one turn and, over them, one of another. */
const BOXES = traceOf({
  id: 'boxes',
  images: SCENE.images,
  turns: [
    formatDrawingTurn('Three things.', [
      box(1, [10, 10, 30, 30], 'a'),
      box(1, [50, 12, 70, 32], 'b'),
      box(1, [90, 80, 120, 110], 'c'),
    ]),
    formatDrawingTurn('One more.', [box(2, [40, 80, 60, 100], 'd')]),
    'Done. <think> So it is. </think> Action: Answer\n<answer> A </answer>',
  ],
});

/** Turn 2, with all four on its image, at one CSS pixel for one of model space. */
async function open(more: Partial<ViewOptions> = {}): Promise<TraceViewPage> {
  const view = await TraceViewPage.open(workbench, {
    pictures: PICTURES,
    traces: [editable(BOXES)],
    ...more,
  });
  await view.chooseTurn(2);
  await view.waitForShapes(4);
  await view.host.call('command', { command: 'zoomToActualSize' });
  await view.page.waitForSelector('[data-testid=stage][data-scale="1"]');
  return view;
}

type At = readonly [x: number, y: number];

async function click(view: TraceViewPage, at: At, key?: 'Shift' | 'Control'): Promise<void> {
  const { x, y } = await view.pointOf(...at);
  if (key) await view.page.keyboard.down(key);
  await view.page.mouse.click(x, y);
  if (key) await view.page.keyboard.up(key);
}

async function drag(view: TraceViewPage, from: At, to: At, key?: 'Shift'): Promise<void> {
  const [start, end] = [await view.pointOf(...from), await view.pointOf(...to)];
  if (key) await view.page.keyboard.down(key);
  await view.page.mouse.move(start.x, start.y);
  await view.page.mouse.down();
  await view.page.mouse.move(end.x, end.y, { steps: 5 });
  await view.page.mouse.up();
  if (key) await view.page.keyboard.up(key);
}

const edits = (view: TraceViewPage) => view.host.edits.map(({ label }) => label);
const corners = (view: TraceViewPage, turn = 0) =>
  parseTurn(view.host.texts[turn] ?? '').drawings.map((one) => ('bbox_2d' in one ? one.bbox_2d : null));
const list = (view: TraceViewPage) => view.page.getByRole('listbox', { name: /^Shapes on image/ });
const selected = async (view: TraceViewPage) =>
  (await list(view).getByRole('option', { selected: true }).locator('.shape-label').allInnerTexts()).join(
    ' ',
  );
const said = (view: TraceViewPage) => view.byId('announcement').innerText();

describe('several shapes with the mouse', () => {
  it('are selected with Shift or Ctrl and a click, and moved in one edit', async () => {
    const view = await open();
    await click(view, [20, 20]);
    await click(view, [60, 20], 'Shift');
    await click(view, [100, 90], 'Control');
    await expect.poll(() => selected(view)).toBe('a b c');
    await click(view, [60, 20], 'Control');
    await expect.poll(() => selected(view)).toBe('a c');
    expect(await said(view)).toBe('2 shapes are selected.');
    await drag(view, [100, 90], [105, 85]);
    await expect.poll(() => edits(view)).toEqual(['Move 2 Shapes']);
    expect(corners(view)).toEqual([
      [15, 5, 35, 25],
      [50, 12, 70, 32],
      [95, 75, 125, 105],
    ]);
    await view.host.undo();
    await expect.poll(() => corners(view)[0]).toEqual([10, 10, 30, 30]);
    expect(await selected(view)).toBe('a c');
    await view.close();
  });

  it('are those within a band that Shift draws; without it the image moves', async () => {
    const view = await open();
    const [, x] = await view.placement();
    await drag(view, [2, 2], [75, 40], 'Shift');
    await expect.poll(() => selected(view)).toBe('a b');
    expect((await view.placement())[1]).toBe(x);
    await drag(view, [80, 70], [130, 120], 'Shift');
    await expect.poll(() => selected(view)).toBe('a b c');
    await drag(view, [5, 130], [15, 130]);
    await expect.poll(async () => (await view.placement())[1]).toBe(x + 10);
    await view.close();
  });

  it('are of one turn: with one of another the selection starts anew, which is said', async () => {
    const view = await open();
    await click(view, [20, 20]);
    await click(view, [50, 90], 'Shift');
    await expect.poll(() => selected(view)).toBe('d');
    expect(await said(view)).toContain('starts anew');
    await view.close();
  });

  it('have no handles, but frames', async () => {
    const view = await open();
    await click(view, [20, 20]);
    await expect.poll(() => view.canvasPixel(10, 10)).toEqual([255, 255, 255, 255]);
    await click(view, [60, 20], 'Shift');
    await expect.poll(() => view.canvasPixel(10, 10)).not.toEqual([255, 255, 255, 255]);
    await expect.poll(async () => (await view.canvasPixel(8, 20))[3]).toBe(255);
    await view.close();
  });
});

describe('several shapes with the keyboard', () => {
  it('are selected on the stage, moved in one edit and deleted in one', async () => {
    const view = await open();
    await view.byId('stage').focus();
    await view.page.keyboard.press('.');
    await view.page.keyboard.press('Shift+>');
    await expect.poll(() => selected(view)).toBe('a b');
    for (const key of ['ArrowRight', 'Shift+ArrowDown']) await view.page.keyboard.press(key);
    await expect.poll(() => edits(view)).toEqual(['Move 2 Shapes']);
    expect(corners(view).slice(0, 2)).toEqual([
      [11, 20, 31, 40],
      [51, 22, 71, 42],
    ]);
    await view.page.keyboard.press('Control+a');
    await expect.poll(() => selected(view)).toBe('a b c');
    expect(await view.page.evaluate<string>('String(getSelection())')).toBe('');
    await view.page.keyboard.press('Delete');
    await expect.poll(() => edits(view)).toEqual(['Move 2 Shapes', 'Delete 3 Shapes']);
    expect(corners(view)).toEqual([]);
    await view.host.undo();
    await expect.poll(() => corners(view).length).toBe(3);
    await view.close();
  });

  it('are let go with Escape; Ctrl+A without any selects those of the chosen turn', async () => {
    const view = await open();
    await view.byId('stage').focus();
    await view.page.keyboard.press('Control+a');
    await expect.poll(() => selected(view)).toBe('d');
    await view.page.keyboard.press('Escape');
    await expect.poll(() => selected(view)).toBe('');
    await view.close();
  });

  it('are selected in the list with Shift, or one by one with Ctrl and Space', async () => {
    const view = await open();
    expect(await list(view).getAttribute('aria-multiselectable')).toBe('true');
    await list(view).focus();
    await view.page.keyboard.press('Home');
    await view.page.keyboard.press('Shift+ArrowDown');
    await view.page.keyboard.press('Shift+ArrowDown');
    await expect.poll(() => selected(view)).toBe('a b c');
    await view.page.keyboard.press('Shift+ArrowUp');
    await expect.poll(() => selected(view)).toBe('a b');
    await view.page.keyboard.press('Control+ArrowUp');
    await view.page.keyboard.press('Control+Space');
    await expect.poll(() => selected(view)).toBe('b');
    await view.page.keyboard.press('Control+ArrowDown');
    await view.page.keyboard.press('Control+ArrowDown');
    await view.page.keyboard.press('Control+Space');
    await expect.poll(() => selected(view)).toBe('b c');
    await view.page.keyboard.press('Delete');
    await expect.poll(() => edits(view)).toEqual(['Delete 2 Shapes']);
    await view.close();
  });
});

describe('the form of several shapes', () => {
  it('changes the label or the image of all of them in one edit', async () => {
    const view = await open();
    await click(view, [20, 20]);
    await click(view, [60, 20], 'Shift');
    const field = (name: string) => view.page.getByLabel(name, { exact: true });
    expect(await field('Label').inputValue()).toBe('');
    expect(await field('On image').inputValue()).toBe('1');
    await field('Label').fill('thing');
    await field('Label').press('Enter');
    await expect.poll(() => edits(view)).toEqual(['Change Labels']);
    const labels = parseTurn(view.host.texts[0] ?? '').drawings.map(({ label }) => label);
    expect(labels).toEqual(['thing', 'thing', 'c']);
    await view.close();
  });
});

describe('several shapes that are selected', () => {
  for (const theme of THEMES) {
    it(`can be looked at in ${theme}`, async () => {
      const view = await open({ theme });
      await view.host.call('command', { command: 'zoomToFit' });
      await click(view, [20, 20]);
      await click(view, [60, 20], 'Shift');
      await list(view).focus();
      await view.screenshot(`edit-group-${theme}`);
      const [start, end] = [await view.pointOf(80, 70), await view.pointOf(130, 118)];
      await view.page.keyboard.down('Shift');
      await view.page.mouse.move(start.x, start.y);
      await view.page.mouse.down();
      await view.page.mouse.move(end.x, end.y, { steps: 3 });
      await view.screenshot(`edit-band-${theme}`);
      await view.page.mouse.up();
      await view.page.keyboard.up('Shift');
      expect(view.complaints).toEqual([]);
      await view.close();
    });
  }
});
