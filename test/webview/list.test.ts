import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Shown } from './harness/fake-host';
import { openWorkbench, TraceViewPage, type ViewOptions, type Workbench } from './harness/open-view';
import { THEMES } from './harness/themes';
import { MAZE, PICTURES, SCENE, shown, traceOf } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

const WRONG = '<think> I see. </think> Action: Answer\n<answer> C </answer>';
const BROKEN = '<think> I see. Action: Answer\n<answer> B </answer>';

/** Mazes that are right and wrong, scenes, and a line that is no trace. */
const TRACES: readonly Shown[] = Array.from({ length: 60 }, (_, i): Shown => {
  if (i === 33) {
    const finding = { code: 'bad-json', severity: 'error', message: 'It is not JSON.' } as const;
    return shown(MAZE, { trace: null, findings: [finding] });
  }
  if (i % 3 === 0) return shown({ ...SCENE, id: `scene-${i}` });
  const turns = i % 5 === 0 ? [BROKEN] : i % 4 === 0 ? [WRONG] : MAZE.turns.map(({ text }) => text);
  return shown(traceOf({ ...MAZE, id: `maze-${i}`, turns }));
});

async function open(options: Partial<ViewOptions> = {}): Promise<TraceViewPage> {
  const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: TRACES, ...options });
  await view.byId('toggle-list').click();
  await view.byId('trace-list').waitFor();
  return view;
}

const rows = (view: TraceViewPage) => view.page.locator('[data-testid=trace-list] [role=option]');
const count = (view: TraceViewPage) => view.byId('list-count').innerText();
const index = (view: TraceViewPage) => view.byId('trace-index').innerText();

describe('the list of traces', () => {
  it('shows every trace with what there is to say of it', async () => {
    const view = await open();
    expect(await count(view)).toBe('60 traces');
    await expect
      .poll(() => rows(view).nth(1).getAttribute('aria-label'))
      .toBe(`Trace 2, ${MAZE.question}, 4 turns, 0 boxes, 3 lines, 0 revisions, right`);
    expect(await rows(view).first().getAttribute('aria-selected')).toBe('true');
    // However many there are, only those in sight are on the page.
    expect(await rows(view).count()).toBeLessThan(30);
    expect(view.complaints).toEqual([]);
    await view.close();
  });

  it('opens the one that is chosen, by a click and by the keys', async () => {
    const view = await open();
    await rows(view).nth(3).click();
    await expect.poll(() => index(view)).toBe('4 of 60');
    await view.page.keyboard.press('ArrowDown');
    await expect.poll(() => index(view)).toBe('5 of 60');
    await view.page.keyboard.press('End');
    await expect.poll(() => index(view)).toBe('60 of 60');
    await view.close();
  });

  it('is gone through by pages and to its ends; Enter opens at once', async () => {
    const view = await open();
    await rows(view).first().click();
    const keys = { PageDown: '11', ArrowDown: '12', PageUp: '2', End: '60', Home: '1' };
    for (const [key, number] of Object.entries(keys)) {
      await view.page.keyboard.press(key);
      await expect.poll(() => index(view)).toBe(`${number} of 60`);
    }
    await view.page.keyboard.press('ArrowDown');
    await view.page.keyboard.press('Enter');
    await expect.poll(() => index(view)).toBe('2 of 60');
    await view.close();
  });

  it('stays at the trace that is open where the filters hide it, says so, and can show all again', async () => {
    const view = await open();
    await rows(view).nth(3).click();
    await expect.poll(() => index(view)).toBe('4 of 60');
    await view.byId('filter-findings').click();
    await view.page.getByRole('menuitemcheckbox', { name: /^no-action/ }).click();
    await view.page.keyboard.press('Escape');
    await view.byId('list-hidden').getByText('The trace that is open is hidden by the filters.').waitFor();
    expect(await index(view)).toBe('4 of 60');
    expect(await rows(view).first().getAttribute('aria-selected')).toBe('false');
    await view.byId('list-hidden').getByRole('button', { name: 'Clear Filters' }).click();
    await expect.poll(() => count(view)).toBe('60 traces');
    expect(await view.byId('list-hidden').count()).toBe(0);
    await expect.poll(() => rows(view).nth(3).getAttribute('aria-selected')).toBe('true');
    await view.close();
  });

  it('is opened, with the caret in its search, by the command for that', async () => {
    const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: TRACES });
    await view.byId('toggle-list').waitFor();
    await view.host.call('command', { command: 'searchTraces' });
    const focused = () => view.page.evaluate<string>('document.activeElement.dataset.testid');
    await expect.poll(focused).toBe('list-search');
    await view.page.keyboard.type('maze');
    await rows(view).first().click();
    await view.host.call('command', { command: 'searchTraces' });
    await expect.poll(focused).toBe('list-search');
    // What was searched for is selected, to be typed anew.
    await view.page.keyboard.type('x');
    expect(await view.byId('list-search').inputValue()).toBe('x');
    await view.close();
    const alone = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: TRACES.slice(0, 1) });
    await alone.waitForShapes(2);
    await alone.host.call('command', { command: 'searchTraces' });
    await alone.byId('notices').getByText('There is but one trace to search in.').waitFor();
    await alone.close();
  });

  it('opens the last of those that are chosen in quick succession, also while another is being opened', async () => {
    const view = await open();
    await rows(view).nth(3).click();
    for (const key of ['ArrowDown', 'ArrowDown', 'End', 'ArrowUp', 'ArrowUp']) {
      await view.page.keyboard.press(key);
    }
    await expect.poll(() => index(view), { timeout: 30_000 }).toBe('58 of 60');
    const opened = view.host.asked.filter((one) => one.startsWith('select'));
    expect([opened.at(0), opened.at(-1)]).toEqual(['select {"index":3}', 'select {"index":57}']);
    await view.close();
  });

  it('has the picture made of a trace that the pointer rests on, and of the one that is likely to come next', async () => {
    const view = await open();
    const peeked = () => view.host.asked.filter((one) => one.startsWith('peek'));
    await rows(view).nth(5).hover();
    await expect.poll(peeked).toEqual(['peek {"index":5,"pixels":"base"}']);
    await rows(view).nth(5).click();
    await expect.poll(() => index(view)).toBe('6 of 60');
    await expect.poll(peeked).toContain('peek {"index":6,"pixels":"base"}');
    // Nothing was chosen by that.
    expect(view.host.asked.filter((one) => one.startsWith('select'))).toEqual(['select {"index":5}']);
    await view.close();
  });

  it('has it made too of a trace that comes under the pointer, once it is known', async () => {
    const view = await open({ traces: Array.from({ length: 5 }, () => TRACES).flat() });
    const last = () => view.host.asked.findLast((one) => one.startsWith('peek'));
    await rows(view).nth(5).hover();
    await expect.poll(last).toBe('peek {"index":5,"pixels":"base"}');
    const { x = 0, y = 0, height = 0 } = (await rows(view).nth(5).boundingBox()) ?? {};
    await view.byId('trace-list').evaluate((list) => {
      list.scrollTop += 200 * 24;
    });
    // As a mouse that is touched: where it is, is another row now, which may not be known yet.
    await view.page.mouse.move(x + 41, y + height / 2);
    await expect.poll(last).toBe('peek {"index":205,"pixels":"base"}');
    await view.close();
  });

  it('is sorted by a column, either way, and as the file has it again', async () => {
    const view = await open();
    const first = () => rows(view).first().getAttribute('aria-label');
    await view.byId('sort-boxes').click();
    await expect.poll(first).toContain(SCENE.question);
    await view.byId('sort-boxes').click();
    await expect.poll(first).toContain(MAZE.question);
    expect(await view.byId('sort-boxes').getAttribute('aria-label')).toBe('Sorted by Boxes, the least first');
    await view.byId('sort-boxes').click();
    await expect.poll(first).toContain('Trace 1,');
    await view.close();
  });

  it('is filtered by values of columns and by what was found; the next trace is the next of the list', async () => {
    const view = await open();
    await view.byId('filter-findings').click();
    await view.page.getByRole('menuitemcheckbox', { name: /^no-action/ }).click();
    await expect.poll(() => count(view)).toMatch(/^\d of 60 traces$/);
    const shownRows = await rows(view).count();
    await view.page.getByRole('button', { name: 'Next Trace' }).click();
    await expect.poll(() => index(view)).toBe('6 of 60');
    await view.page.getByRole('button', { name: 'Next Trace' }).click();
    await expect.poll(() => index(view)).toBe('11 of 60');
    await view.page.getByRole('button', { name: 'Clear Filters' }).click();
    await expect.poll(() => count(view)).toBe('60 traces');
    expect(shownRows).toBeGreaterThan(3);
    await view.close();
  });

  it('asks the extension to search, a moment after the last key', async () => {
    const view = await open();
    await view.byId('list-search').pressSequentially('green', { delay: 20 });
    await expect
      .poll(() => view.host.asked.filter((asked) => asked.includes('"search":"green"')).length)
      .toBe(1);
    expect(view.host.asked.filter((asked) => asked.includes('"search":"gr"'))).toEqual([]);
    await view.close();
  });

  it('says how far the file was read and searched', async () => {
    const nothing = {
      source: [],
      type: [],
      revisions: [],
      correct: [],
      findings: [],
      edited: [],
      verdict: [],
    };
    const state = {
      count: 1200,
      read: 4000,
      total: 33_000,
      facets: nothing,
      shown: 0,
      place: null,
      agreement: { pairs: 0, agreed: 0 },
      problem: null,
    };
    const view = await open({ handlers: { list: () => ({ ...state, reading: true, searched: 2500 }) } });
    await expect.poll(() => count(view)).toBe('1,200 of 33,000 traces; searched 2,500…');
    await view.close();
  });

  it('is as it was when the view is loaded again', async () => {
    const view = await open();
    await view.byId('sort-turns').click();
    await expect.poll(() => view.byId('sort-turns').getAttribute('aria-pressed')).toBe('true');
    await view.page.waitForTimeout(300);
    await view.page.reload();
    await view.byId('trace-list').waitFor();
    expect(await view.byId('sort-turns').getAttribute('aria-pressed')).toBe('true');
    await view.close();
  });

  for (const theme of THEMES) {
    it(`can be looked at in ${theme}`, async () => {
      const view = await open({ theme });
      await view.byId('sort-findings').click();
      await expect.poll(() => rows(view).nth(2).getAttribute('aria-label')).toContain('Trace');
      await rows(view).nth(2).click();
      await view.byId('filter-source').waitFor({ state: 'detached' });
      await view.byId('filter-findings').click();
      await view.page.waitForTimeout(300);
      await view.screenshot(`list-${theme}`);
      expect(view.complaints).toEqual([]);
      await view.close();
    });
  }

  for (const theme of THEMES) {
    it(`that hides the trace that is open can be looked at in ${theme}`, async () => {
      const view = await open({ theme });
      await view.byId('filter-findings').click();
      await view.page.getByRole('menuitemcheckbox', { name: /^no-action/ }).click();
      await view.page.keyboard.press('Escape');
      await view.byId('list-hidden').waitFor();
      await view.screenshot(`list-hidden-${theme}`);
      expect(view.complaints).toEqual([]);
      await view.close();
    });
  }

  it('can be looked at where it is narrow', async () => {
    const view = await open({ width: 700 });
    await view.page.waitForTimeout(300);
    await view.screenshot('list-narrow');
    await view.close();
  });
});
