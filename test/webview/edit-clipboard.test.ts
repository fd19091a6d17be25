import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatAnswerTurn, formatDrawingTurn } from '../../src/trace/format-turn';
import { parseTurn } from '../../src/trace/parse-turn';
import { openWorkbench, TraceViewPage, type Workbench } from './harness/open-view';
import { editable, PICTURES, SCENE, shown, traceOf } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

const box = (index: number, corners: [number, number, number, number], label: string) =>
  ({ index, bbox_2d: corners, label }) as const;

/** Two boxes, one of them with a key that no format names; a box; a line; an answer. */
const THINGS = traceOf({
  id: 'things',
  images: SCENE.images,
  turns: [
    '<think> Two. </think> Action: Object Mapper\n```json\n[{"index": 1, "bbox_2d": [10, 10, 30, 30], "label": "a", "sure": true}, {"index": 1, "bbox_2d": [50, 12, 70, 32], "label": "b"}]\n```',
    formatDrawingTurn('One more.', [box(2, [40, 80, 60, 100], 'b')]),
    formatDrawingTurn('A way.', [
      { index: 3, start_point_2d: [5, 5], end_point_2d: [80, 120], label: 'way' },
    ]),
    formatAnswerTurn('That is all.', 'A'),
  ],
});

async function open(traces = [editable(THINGS), editable(SCENE)]): Promise<TraceViewPage> {
  const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces });
  await view.waitForShapes(2);
  return view;
}

async function press(view: TraceViewPage, ...keys: readonly string[]): Promise<void> {
  await view.byId('stage').focus();
  for (const key of keys) await view.page.keyboard.press(key);
}

async function toTurn(view: TraceViewPage, turn: number): Promise<void> {
  await view.chooseTurn(turn);
  await view.byId('stage').focus();
}

const edits = (view: TraceViewPage) => view.host.edits.map(({ label }) => label);
const labels = (view: TraceViewPage, turn: number) =>
  parseTurn(view.host.texts[turn - 1] ?? '').drawings.map(({ label }) => label);
const clipboard = (view: TraceViewPage) => view.page.evaluate<string>('navigator.clipboard.readText()');
const said = (view: TraceViewPage) => view.byId('announcement').innerText();
const notice = (view: TraceViewPage) => view.byId('notices').innerText();

describe('shapes that are copied with Ctrl+C', () => {
  it('are on the clipboard as JSON, and pasted into another turn in one edit, where they were', async () => {
    const view = await open();
    await press(view, 'Control+a', 'Control+c');
    await expect.poll(() => said(view)).toBe('2 shapes copied.');
    expect(JSON.parse(await clipboard(view))).toEqual([
      box(1, [10, 10, 30, 30], 'a'),
      box(1, [50, 12, 70, 32], 'b'),
    ]);
    await toTurn(view, 2);
    await view.page.keyboard.press('Control+v');
    await expect.poll(() => edits(view)).toEqual(['Paste 2 Shapes']);
    expect(parseTurn(view.host.texts[1] ?? '').drawings).toEqual([
      box(2, [40, 80, 60, 100], 'b'),
      box(2, [10, 10, 30, 30], 'a'),
      box(2, [50, 12, 70, 32], 'b copy'),
    ]);
    await expect.poll(() => said(view)).toBe('2 shapes pasted into turn 2.');
    await expect.poll(() => view.lit()).toEqual(expect.arrayContaining(['shape-row 1.1', 'shape-row 1.2']));
    await view.host.undo();
    await expect.poll(() => labels(view, 2)).toEqual(['b']);
    await view.close();
  });

  it('keep all that their author wrote while they stand', async () => {
    const view = await open();
    await press(view, '.', 'Control+c');
    await toTurn(view, 2);
    await view.page.keyboard.press('Control+v');
    await expect.poll(() => view.host.texts[1]).toContain('[10, 10, 30, 30], "label": "a", "sure": true}');
    await view.close();
  });

  it('go to another trace of the file too', async () => {
    const view = await open();
    await press(view, '.', 'Control+c');
    await view.page.getByRole('button', { name: 'Next Trace' }).click();
    await expect.poll(() => view.byId('question').innerText()).toContain('green triangle');
    await press(view, 'Control+v');
    await expect.poll(() => edits(view)).toEqual(['Paste Shape']);
    expect(labels(view, 1)).toEqual(['green triangle', 'blue square', 'a']);
    await view.close();
  });

  it('are copied in the list too; text that is selected is copied as text', async () => {
    const view = await open();
    await view.page.getByRole('listbox', { name: 'Shapes on image 2' }).focus();
    for (const key of ['End', 'Control+c']) await view.page.keyboard.press(key);
    await expect.poll(() => clipboard(view)).toContain('"label": "b"');
    await view
      .byId('turn-1')
      .getByText('Two.')
      .dblclick({ position: { x: 8, y: 8 } });
    await view.page.keyboard.press('Control+c');
    await expect.poll(() => clipboard(view)).toMatch(/^Two/);
    await view.close();
  });
});

describe('shapes that are cut', () => {
  it('are gone from their turn in one edit, and can be pasted', async () => {
    const view = await open();
    await press(view, 'Control+a', 'Control+x');
    await expect.poll(() => edits(view)).toEqual(['Cut 2 Shapes']);
    expect(labels(view, 1)).toEqual([]);
    await toTurn(view, 2);
    await view.page.keyboard.press('Control+v');
    await expect.poll(() => labels(view, 2)).toEqual(['b', 'a', 'b copy']);
    await view.close();
  });
});

describe('by a menu, or by a letter', () => {
  it('shapes are selected, copied, cut and pasted', async () => {
    const view = await open();
    const choose = async (item: string) => {
      await view.page.getByRole('button', { name: 'More for Shapes' }).click();
      await view.page.getByRole('menuitem', { name: item }).click();
    };
    await choose('Select All Shapes of the Turn');
    await choose('Copy 2 Shapes');
    await expect.poll(() => clipboard(view)).toContain('"label": "a"');
    await press(view, '.', 'x');
    await expect.poll(() => edits(view)).toEqual(['Cut Shape']);
    await toTurn(view, 2);
    await choose('Paste Shapes');
    await expect.poll(() => edits(view)).toEqual(['Cut Shape', 'Paste Shape']);
    await view.byId('stage').focus();
    await view.page.keyboard.press('c');
    await expect.poll(() => said(view)).toBe('1 shape copied.');
    await view.page.keyboard.press('v');
    await expect.poll(() => edits(view)).toEqual(['Cut Shape', 'Paste Shape', 'Paste Shape']);
    await view.close();
  });
});

describe('what cannot be pasted', () => {
  it('is said: other text, a turn that answers, shapes that the action does not draw', async () => {
    const view = await open();
    await press(view, 'Control+a', 'Control+c');
    await toTurn(view, 4);
    await view.page.keyboard.press('Control+v');
    await expect.poll(() => notice(view)).toContain('Turn 4 answers');
    await toTurn(view, 3);
    await view.page.keyboard.press('Control+v');
    await expect.poll(() => notice(view)).toContain('2 shapes not: turn 3 draws lines');
    await view
      .byId('turn-1')
      .getByText('Two.')
      .dblclick({ position: { x: 8, y: 8 } });
    await view.page.keyboard.press('Control+c');
    await press(view, 'Control+v');
    await expect.poll(() => notice(view)).toContain('There are no shapes on the clipboard.');
    expect(edits(view)).toEqual([]);
    await view.close();
  });

  it('is all of it where the trace cannot be edited; copying goes on', async () => {
    const view = await open([shown(THINGS)]);
    await view.page.getByRole('option').first().click();
    await press(view, 'Control+c');
    await expect.poll(() => clipboard(view)).toContain('"label": "a"');
    await view.page.keyboard.press('Control+v');
    await expect.poll(() => notice(view)).toContain('This trace cannot be edited.');
    await view.close();
  });
});
