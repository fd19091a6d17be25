import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatAnswerTurn, formatDrawingTurn } from '../../src/trace/format-turn';
import { openWorkbench, TraceViewPage, type ViewOptions, type Workbench } from './harness/open-view';
import { THEMES } from './harness/themes';
import { editable, PICTURES, traceOf } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

const goal = (index: number, bbox_2d: readonly [number, number, number, number]) =>
  ({ index, bbox_2d, label: 'goal' }) as const;

const TRACE = traceOf({
  turns: [
    formatDrawingTurn('The goal is at [10, 20, 40, 50].', [goal(1, [10, 20, 40, 50])]),
    formatDrawingTurn('Not [10, 20, 40, 50]: I draw the goal again.', [goal(2, [12, 20, 42, 50])]),
    formatAnswerTurn('The goal is where I drew it.', 'A'),
  ],
});

/** A view in which the first box was moved by 5 to the right. */
async function openMoved(options: Partial<ViewOptions> = {}): Promise<TraceViewPage> {
  const traces = [editable(TRACE)];
  const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces, ...options });
  await view.waitForShapes(1);
  await view.byId('stage').focus();
  await view.page.keyboard.press('.');
  for (let i = 0; i < 5; i++) await view.page.keyboard.press('ArrowRight');
  await view.byId('mark-bar').waitFor();
  return view;
}

const marks = (view: TraceViewPage, turn: number) => view.byId(`turn-${turn}`).locator('.marks li');
const labels = (view: TraceViewPage) => view.host.edits.map(({ label }) => label);
const fix = (view: TraceViewPage, turn: number, code: string) =>
  view
    .byId(`turn-${turn}`)
    .locator(`[data-code=${code}]`)
    .getByRole('button', { name: /^Fix: / });

describe('a mark', () => {
  it('can be fixed where it is certain what is right, in an edit that is undone', async () => {
    const view = await openMoved();
    expect(await fix(view, 1, 'old-numbers').getAttribute('title')).toBe('Put 15, 20, 45, 50 there');
    // Whether words that name the shape are still right is for a person to say.
    expect(await fix(view, 1, 'names-changed').count()).toBe(0);
    await fix(view, 1, 'old-numbers').click();
    await expect.poll(() => labels(view)).toEqual(['Move Box', 'Fix Numbers']);
    expect(view.host.texts[0]).toContain('The goal is at [15, 20, 45, 50].');
    await expect.poll(() => fix(view, 1, 'old-numbers').count()).toBe(0);
    await view.host.undo();
    await expect.poll(() => fix(view, 1, 'old-numbers').count()).toBe(1);
    expect(view.host.texts[0]).toContain('The goal is at [10, 20, 40, 50].');
    await view.close();
  });

  it('is fixed by the keyboard, which goes on to the next one', async () => {
    const view = await openMoved();
    const along = fix(view, 2, 'drawn-on-changed');
    expect(await along.getAttribute('aria-label')).toBe(
      'Fix: "goal" is drawn on image 2, which has changed. Put {"index": 2, "bbox_2d": [17, 20, 47, 50], "label": "goal"} there',
    );
    const before = await marks(view, 2).count();
    await along.press('Enter');
    await expect.poll(() => labels(view)).toEqual(['Move Box', 'Change Shape Along']);
    expect(view.host.texts[1]).toContain('"bbox_2d": [17, 20, 47, 50]');
    await expect.poll(() => marks(view, 2).count()).toBeLessThan(before);
    await expect
      .poll(() => view.page.evaluate<string>('document.activeElement.className'))
      .toBe('mark-message');
    await view.close();
  });

  it('is fixed with all others that are certain in one edit', async () => {
    const view = await openMoved();
    await view
      .byId('mark-bar')
      .getByRole('button', { name: /^Fix \d/ })
      .click();
    await expect.poll(() => labels(view)).toEqual(['Move Box', 'Fix 3 Places']);
    expect(view.host.texts[1]).toContain('Not [15, 20, 45, 50]: I draw the goal again.');
    expect(view.host.texts[1]).toContain('"bbox_2d": [17, 20, 47, 50]');
    await expect.poll(() => view.byId('mark-bar').getByRole('button', { name: /^Fix/ }).count()).toBe(0);
    expect(await view.byId('mark-bar').getByRole('button', { name: 'Accept All' }).count()).toBe(1);
    await view.close();
  });

  for (const theme of THEMES) {
    it(`can be looked at in ${theme}`, async () => {
      const view = await openMoved({ theme });
      await fix(view, 1, 'old-numbers').focus();
      await view.screenshot(`marks-${theme}`);
      expect(view.complaints).toEqual([]);
      await view.close();
    });
  }
});
