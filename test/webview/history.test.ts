import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EditEvent } from '../../src/dataset/overlay/edit-event';
import { openWorkbench, TraceViewPage, type Workbench } from './harness/open-view';
import { editable, MAZE, PICTURES, SCENE, shown } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

const labels = (view: TraceViewPage) => view.host.edits.map(({ label }) => label);
const tab = (view: TraceViewPage, name: string) => view.page.getByRole('tab', { name });
const restore = (view: TraceViewPage) => view.byId('restore');
const detail = (view: TraceViewPage) => view.byId('history-detail');

/** The scene with a box that was moved and a thought that was written anew, and the history open. */
async function open(): Promise<TraceViewPage> {
  const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: [editable(SCENE)] });
  await view.waitForShapes(2);
  await view.byId('stage').focus();
  for (const key of ['.', 'ArrowRight', 'e']) await view.page.keyboard.press(key);
  await expect.poll(() => labels(view)).toEqual(['Move Box']);
  await view.page.getByRole('button', { name: 'Edit Turn 3' }).click();
  await view.page.getByLabel('Thinks', { exact: true }).fill('It is above.');
  await view.page.getByLabel('Thinks', { exact: true }).press('Control+Enter');
  await expect.poll(() => labels(view)).toEqual(['Move Box', 'Edit Turn']);
  await view.host.call('command', { command: 'toggleHistory' });
  await detail(view).waitFor();
  return view;
}

/** The names of all rows, the newest first. */
async function rows(view: TraceViewPage): Promise<readonly string[]> {
  return view.page.locator('#history .entry-label').allInnerTexts();
}

describe('the history', () => {
  it('lists every edit, the newest first, with who, when, and that it is not saved', async () => {
    const view = await open();
    expect(await rows(view)).toEqual(['Edit Turn', 'Move Box', 'Original']);
    const [newest] = await view.page.getByRole('option', { name: /^Edit Turn/ }).all();
    expect(await newest?.getAttribute('aria-label')).toMatch(
      /^Edit Turn, Ann, Wednesday, November 25, 2026.*, now, not saved$/,
    );
    expect(await newest?.locator('.entry-when').getAttribute('title')).toContain('November 25, 2026');
    expect(view.complaints).toEqual([]);
    await view.close();
  });

  it('is gone through by keys: the list, the tabs, and Escape, which gives the focus to its button', async () => {
    const view = await open();
    const { keyboard } = view.page;
    const focused = () =>
      view.page.evaluate<string>('document.activeElement.id || document.activeElement.dataset.testid');
    await expect.poll(focused).toBe('history');
    expect(await detail(view).innerText()).toContain('Turn 3');
    await keyboard.press('ArrowDown');
    await expect.poll(() => detail(view).innerText()).toContain('Turn 1');
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await expect.poll(focused).toBe('history-tab-text');
    await keyboard.press('ArrowRight');
    await view.byId('json-diff').waitFor();
    await keyboard.press('ArrowRight');
    await view.byId('picture-pair').first().waitFor();
    await keyboard.press('ArrowRight');
    await view.byId('text-change').waitFor();
    await keyboard.press('Escape');
    await expect.poll(() => view.byId('history-panel').count()).toBe(0);
    await expect.poll(focused).toBe('toggle-history');
    await view.close();
  });

  it('says what changed in the words, with signs and not by colours alone', async () => {
    const view = await open();
    expect(await detail(view).locator('h4').allInnerTexts()).toEqual(['Turn 3']);
    expect(await detail(view).locator('del').allInnerTexts()).toContain('below');
    expect(await detail(view).locator('ins').allInnerTexts()).toContain('above');
    const sign = (kind: string) =>
      view.page.evaluate<string>(
        `getComputedStyle(document.querySelector('.history ${kind}'), '::before').content`,
      );
    expect(await sign('ins')).toContain('+');
    expect(await sign('del')).toContain('−');
    await view.close();
  });

  it('says what changed in the JSON, and unfolds what is the same', async () => {
    const view = await open();
    await tab(view, 'JSON').click();
    const diff = view.byId('json-diff');
    expect(await diff.locator('.json-line.added').count()).toBeGreaterThan(0);
    const lines = await diff.locator('.json-line').count();
    await diff.getByRole('button').first().click();
    expect(await diff.locator('.json-line').count()).toBeGreaterThan(lines);
    await view.close();
  });

  it('shows the images that look otherwise before and after, and says what was drawn otherwise', async () => {
    const view = await open();
    await view.page.keyboard.press('ArrowDown');
    await tab(view, 'Picture').click();
    const pairs = view.byId('picture-pair');
    await expect.poll(() => pairs.locator('img').count()).toBe(4);
    expect(await pairs.locator('figcaption').allInnerTexts()).toEqual([
      'Before Image 2, turn 1',
      'After Image 2, turn 1',
      'Before Image 3, turn 2',
      'After Image 3, turn 2',
    ]);
    expect(await detail(view).locator('.drawing-changes').innerText()).toBe(
      'Turn 1: box “green triangle”: [31, 59, 53, 81] became [32, 59, 54, 81]',
    );
    const sources = await pairs
      .locator('img')
      .evaluateAll((images: { src: string; naturalWidth: number }[]) =>
        images.map(({ src, naturalWidth }) => [src, naturalWidth] as const),
      );
    expect(new Set(sources.map(([src]) => src)).size).toBe(4);
    expect(sources.map(([, width]) => width)).toEqual([140, 140, 140, 140]);
    expect(view.complaints).toEqual([]);
    await view.close();
  });

  it('restores what was after an edit, and the original; each is an edit that is listed', async () => {
    const view = await open();
    expect(await restore(view).getAttribute('disabled')).not.toBeNull();
    await view.page.keyboard.press('ArrowDown');
    await expect.poll(() => detail(view).locator('h3').innerText()).toBe('Move Box');
    await restore(view).click();
    await expect.poll(() => rows(view)).toEqual(['Restore “Move Box”', 'Edit Turn', 'Move Box', 'Original']);
    expect(view.host.texts[2]).toBe(SCENE.turns[2]?.text);
    await view.byId('history').locator('[role=listbox]').focus();
    await view.page.keyboard.press('End');
    await expect.poll(() => restore(view).innerText()).toBe('Restore the Original');
    await restore(view).click();
    await expect.poll(() => labels(view).at(-1)).toBe('Restore the Original');
    expect(view.host.texts).toEqual(SCENE.turns.map(({ text }) => text));
    await view.host.undo();
    await expect.poll(() => rows(view)).toHaveLength(4);
    expect(view.host.texts[0]).not.toBe(SCENE.turns[0]?.text);
    await view.close();
  });

  it('says why an edit is not applied, shows it where it was made, and can take it up', async () => {
    const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: [editable(MAZE)] });
    await view.waitForShapes(1);
    const event = (n: number, who: string, after: string): EditEvent => ({
      format: 'vilasr.edit/1',
      type: 'edit',
      id: `00000000-0000-4000-8000-00000000000${n}`,
      parent: null,
      at: `2026-11-20T10:0${n}:00.000Z`,
      who,
      trace: { hash: '0'.repeat(64), occurrence: 0 },
      label: `Edit Question ${n}`,
      changes: [{ type: 'field', field: 'question', before: MAZE.question, after }],
    });
    const odd = { ...event(3, 'Eve', 'x'), parent: event(1, '', '').id };
    await view.host.addEarlier([event(1, 'Ann', 'Where to?'), event(2, 'Bob', 'Which way?'), odd]);
    await view.byId('toggle-history').click();
    await expect
      .poll(() => rows(view))
      .toEqual(['Edit Question 3', 'Edit Question 2', 'Edit Question 1', 'Original']);
    await view.byId('unfit').waitFor();
    expect(await detail(view).innerText()).toContain('The field question is not what it was');
    expect(await restore(view).count()).toBe(0);
    await view.page.getByRole('option', { name: /^Edit Question 2, Bob.*not applied/ }).click();
    await expect.poll(() => detail(view).innerText()).toContain('It was made beside');
    await restore(view).click();
    await expect.poll(() => view.byId('question').innerText()).toContain('Which way?');
    expect(view.complaints).toEqual([]);
    await view.close();
  });

  it('stays open when the view was hidden meanwhile', async () => {
    const view = await open();
    await expect
      .poll(() => view.page.evaluate<string>("sessionStorage.getItem('state')"))
      .toContain('"historyOpen":true');
    await view.page.reload();
    await view.byId('history-panel').waitFor();
    await view.close();
  });

  it.each([
    [1280, 'leaves the top of the view where it is'],
    [640, 'is brought into sight where the view is narrow, and below all else'],
  ])('in a view %i pixels wide %s', async (width) => {
    const traces = [editable(SCENE)];
    const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces, width, height: 600 });
    await view.waitForShapes(2);
    await view.byId('toggle-history').click();
    await detail(view).waitFor();
    const top = async (element: string) => (await view.page.locator(element).boundingBox())?.y;
    if (width === 1280) expect(await top('.header')).toBe(0);
    else await expect.poll(() => top('.history')).toBeLessThan(100);
    await view.close();
  });

  it('is made higher and lower with keys', async () => {
    const view = await open();
    const height = async () => (await view.byId('history-panel').boundingBox())?.height ?? 0;
    const before = await height();
    await view.page.getByRole('separator', { name: 'Height of the history' }).focus();
    await view.page.keyboard.press('ArrowUp');
    expect(await height()).toBe(before + 16);
    await view.close();
  });
});

it('what cannot be edited has no history', async () => {
  const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: [shown(SCENE)] });
  await view.waitForShapes(2);
  expect(await view.byId('toggle-history').count()).toBe(0);
  await view.host.call('command', { command: 'toggleHistory' });
  expect(await view.byId('history-panel').count()).toBe(0);
  await view.close();
});
