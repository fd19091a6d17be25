import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTurn } from '../../src/trace/parse-turn';
import { openWorkbench, TraceViewPage, type ViewOptions, type Workbench } from './harness/open-view';
import { editable, MAZE, PICTURES, SCENE, shown } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

/** The scene or the maze at one CSS pixel for one of model space, with a shape of its first turn held. */
async function hold(
  what: 'green triangle' | 'step 1' | null,
  more: Partial<ViewOptions> = {},
): Promise<TraceViewPage> {
  const trace = what === 'step 1' ? MAZE : SCENE;
  const view = await TraceViewPage.open(workbench, {
    pictures: PICTURES,
    traces: [editable(trace)],
    ...more,
  });
  await view.waitForShapes(what === 'step 1' ? 1 : 2);
  await view.host.call('command', { command: 'zoomToActualSize' });
  await view.page.waitForSelector('[data-testid=stage][data-scale="1"]');
  if (what !== null) await click(view, what === 'step 1' ? [84, 98] : [33, 70]);
  return view;
}

async function click(view: TraceViewPage, [x, y]: readonly [number, number]): Promise<void> {
  const point = await view.pointOf(x, y);
  await view.page.mouse.click(point.x, point.y);
}

/** Drags from one place of model space to another, and lets go there unless told otherwise. */
async function drag(
  view: TraceViewPage,
  from: readonly [number, number],
  to: readonly [number, number],
  { drop = true } = {},
): Promise<void> {
  const [start, end] = [await view.pointOf(...from), await view.pointOf(...to)];
  await view.page.mouse.move(start.x, start.y);
  await view.page.mouse.down();
  await view.page.mouse.move(end.x, end.y, { steps: 5 });
  if (drop) await view.page.mouse.up();
}

const labels = (view: TraceViewPage) => view.host.edits.map(({ label }) => label);
const drawings = (view: TraceViewPage, turn = 0) => parseTurn(view.host.texts[turn] ?? '').drawings;
const box = (view: TraceViewPage) => drawings(view)[0];
const focused = (view: TraceViewPage) => view.page.evaluate<string>('document.activeElement.value');
const WHITE = [255, 255, 255, 255];

describe('a held shape', () => {
  it('has handles, and none where the trace cannot be edited', async () => {
    const view = await hold('green triangle');
    await expect.poll(() => view.canvasPixel(31, 59)).toEqual(WHITE);
    expect(await view.canvasPixel(54, 82)).toEqual(WHITE);
    await view.close();
    const fixed = await hold('green triangle', { traces: [shown(SCENE)] });
    await expect.poll(() => fixed.lit()).toContain('shape-row 0.0');
    expect(await fixed.canvasPixel(31, 59)).not.toEqual(WHITE);
    await fixed.close();
  });

  it('is moved by a drag of its inside, in one edit of whole pixels', async () => {
    const view = await hold('green triangle');
    const before = await view.placement();
    await drag(view, [42, 70], [52, 63]);
    await expect.poll(() => labels(view)).toEqual(['Move Box']);
    expect(box(view)).toEqual({ index: 1, bbox_2d: [41, 52, 63, 74], label: 'green triangle' });
    expect(view.host.edits[0]?.changes.every(({ type }) => type === 'text')).toBe(true);
    expect(await view.placement()).toEqual(before);
    expect(await view.byId('stage').getAttribute('data-image')).toBe('2');
    await view.close();
  });

  it('is resized by a drag of a handle, past its other side and out of the image', async () => {
    const view = await hold('green triangle');
    await drag(view, [54, 82], [10, 150]);
    await expect.poll(() => labels(view)).toEqual(['Resize Box']);
    expect(box(view)).toMatchObject({ bbox_2d: [9, 59, 31, 149] });
    await view.close();
  });

  it('shows where it goes to while it is dragged; Escape puts it back', async () => {
    const view = await hold('green triangle');
    await drag(view, [42, 70], [62, 70], { drop: false });
    await expect.poll(() => view.canvasPixel(51, 60)).toEqual(WHITE);
    await view.page.keyboard.press('Escape');
    await expect.poll(() => view.canvasPixel(31, 59)).toEqual(WHITE);
    await view.page.mouse.up();
    expect(labels(view)).toEqual([]);
    expect(await view.lit()).toContain('shape-row 0.0');
    await view.close();
  });

  it('is a line whose ends are dragged', async () => {
    const view = await hold('step 1');
    await drag(view, [98.5, 98.5], [90.5, 80.5]);
    await expect.poll(() => labels(view)).toEqual(['Move End of Line']);
    expect(box(view)).toMatchObject({ start_point_2d: [70, 98], end_point_2d: [90, 80] });
    await view.close();
  });

  it('goes back where the host refuses the edit, which says why', async () => {
    const refuse = () => Promise.reject(new Error('The file is being saved.'));
    const view = await hold('green triangle', { handlers: { edit: refuse } });
    await drag(view, [42, 70], [62, 70]);
    await view.byId('notices').getByText('The file is being saved.').waitFor();
    await expect.poll(() => view.canvasPixel(31, 59)).toEqual(WHITE);
    await view.close();
  });

  it('leaves a drag beside it to move the image', async () => {
    const view = await hold('green triangle');
    const [, x] = await view.placement();
    await drag(view, [120, 120], [130, 120]);
    await expect.poll(async () => (await view.placement())[1]).toBe(x + 10);
    expect(labels(view)).toEqual([]);
    await view.close();
  });
});

describe('with the keyboard', () => {
  it('arrows move the held shape, and quick ones are one edit', async () => {
    const view = await hold('green triangle');
    await view.byId('stage').focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowUp', 'Shift+ArrowRight']) {
      await view.page.keyboard.press(key);
    }
    await expect.poll(() => view.canvasPixel(43, 58)).toEqual(WHITE);
    await expect.poll(() => labels(view)).toEqual(['Move Box']);
    expect(box(view)).toMatchObject({ bbox_2d: [43, 58, 65, 80] });
    await view.host.undo();
    await expect.poll(() => view.canvasPixel(31, 59)).toEqual(WHITE);
    expect(await view.lit()).toContain('shape-row 0.0');
    await view.close();
  });

  it('E leads from edge to edge and M back to the whole, which is said', async () => {
    const view = await hold('green triangle');
    await view.byId('stage').focus();
    const said = () => view.byId('announcement').innerText();
    await view.page.keyboard.press('e');
    await expect.poll(said).toBe('left edge');
    await view.page.keyboard.press('ArrowLeft');
    await expect.poll(said).toBe('30, 59, 53, 81');
    await view.page.keyboard.press('m');
    await expect.poll(said).toBe('whole shape');
    await expect.poll(() => labels(view)).toEqual(['Resize Box']);
    expect(await said()).toBe('whole shape');
    expect(box(view)).toMatchObject({ bbox_2d: [30, 59, 53, 81] });
    await view.page.keyboard.press('e');
    await view.page.keyboard.press('m');
    await view.page.keyboard.press('ArrowDown');
    await view.page.keyboard.press('Control');
    await expect.poll(() => labels(view)).toEqual(['Resize Box', 'Move Box']);
    await view.close();
  });

  it('comma and period lead from shape to shape, Delete removes one and Escape lets go', async () => {
    const view = await hold(null);
    await view.byId('stage').focus();
    await view.page.keyboard.press('.');
    await expect.poll(() => view.lit()).toContain('shape-row 0.0');
    await view.page.keyboard.press(',');
    await expect.poll(() => view.lit()).toContain('shape-row 0.1');
    await view.page.keyboard.press('Escape');
    await expect.poll(() => view.lit()).toEqual([]);
    await view.page.keyboard.press('.');
    await view.page.keyboard.press('Delete');
    await expect.poll(() => labels(view)).toEqual(['Delete Box']);
    expect(drawings(view).map(({ label }) => label)).toEqual(['blue square']);
    await view.close();
  });

  it('arrows move the image where nothing is held', async () => {
    const view = await hold(null);
    const [, x] = await view.placement();
    await view.byId('stage').focus();
    await view.page.keyboard.press('ArrowLeft');
    await expect.poll(async () => (await view.placement())[1]).toBe(x + 40);
    await view.close();
  });
});

describe('a new shape', () => {
  it('is drawn by a drag on the stage, on the image below, and its label is typed', async () => {
    const view = await hold(null);
    await view.byId('new-box').click();
    await drag(view, [70.2, 90.5], [100.9, 110.5]);
    await expect.poll(() => labels(view)).toEqual(['New Box']);
    expect(drawings(view)[2]).toEqual({ index: 1, bbox_2d: [70, 90, 100, 110], label: 'new box 1' });
    await expect.poll(() => focused(view)).toBe('new box 1');
    await view.page.keyboard.type('lamp');
    await view.page.keyboard.press('Enter');
    await expect.poll(() => labels(view)).toEqual(['New Box', 'Change Label']);
    expect(drawings(view)[2]).toMatchObject({ label: 'lamp' });
    expect(await view.lit()).toContain('shape-row 0.2');
    expect(await view.byId('new-box').getAttribute('aria-pressed')).toBe('false');
    await view.close();
  });

  it('is put in the middle by a key, and moved by others', async () => {
    const view = await hold(null);
    await view.byId('stage').focus();
    await view.page.keyboard.press('l');
    await view.page.keyboard.press('Enter');
    await expect.poll(() => view.lit()).toContain('shape-row 0.2');
    expect(labels(view)).toEqual(['New Line']);
    await view.page.keyboard.press('e');
    await view.page.keyboard.press('ArrowUp');
    await expect.poll(() => labels(view)).toEqual(['New Line', 'Move End of Line']);
    expect(drawings(view)[2]).toEqual({
      index: 1,
      start_point_2d: [46, 45],
      end_point_2d: [93, 93],
      label: 'new line 1',
    });
    await view.close();
  });

  it('is put there by Enter on its tool too, and the stage has the focus', async () => {
    const view = await hold(null);
    await view.page.getByRole('button', { name: 'New Box' }).press('Enter');
    await expect.poll(() => view.lit()).toContain('shape-row 0.2');
    expect(labels(view)).toEqual(['New Box']);
    await view.page.keyboard.press('ArrowRight');
    await expect.poll(() => labels(view)).toEqual(['New Box', 'Move Box']);
    await view.close();
  });

  it('is no more than begun when Escape is pressed', async () => {
    const view = await hold(null);
    await view.byId('stage').focus();
    await view.page.keyboard.press('b');
    await drag(view, [70, 90], [100, 110], { drop: false });
    await view.waitForShapes(3);
    await view.page.keyboard.press('Escape');
    await view.waitForShapes(2);
    await view.page.mouse.up();
    expect(labels(view)).toEqual([]);
    await view.close();
  });
});
