import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, TraceViewPage, type ViewOptions, type Workbench } from './harness/open-view';
import { THEMES } from './harness/themes';
import { editable, PICTURES, SCENE } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

async function open(more: Partial<ViewOptions> = {}): Promise<TraceViewPage> {
  // Their answer is right, so that they are worth a review.
  const right = { ...SCENE, gold: 'B' };
  const traces = [editable(right), editable({ ...right, id: 'other' })];
  const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces, ...more });
  await view.waitForShapes(2);
  await view.byId('stage').focus();
  return view;
}

type Name = 'approvePart' | 'rejectPart' | 'needsEditPart' | 'clearPartVerdict' | 'undoVerdict' | 'review';
const command = (view: TraceViewPage, name: Name) => view.host.call('command', { command: name });
const shapeRow = (view: TraceViewPage, place: number) => view.page.locator('.shape-row').nth(place);
const turnMark = (view: TraceViewPage) => view.byId('turn-1').getByTestId('part-mark-1');
const judged = (view: TraceViewPage) => view.byId('judged').innerText();
const parts = (view: TraceViewPage) =>
  view.host.asked.filter((one) => one.startsWith('judge')).map((one) => JSON.parse(one.slice(6)).part);

describe('a verdict on a part', () => {
  it('is about the chosen turn where no shape is chosen, and not about the trace', async () => {
    const view = await open();
    await command(view, 'rejectPart');
    await expect.poll(() => turnMark(view).innerText()).toBe('Rejected');
    expect(await turnMark(view).getAttribute('title')).toContain('ann');
    expect(await view.byId('announcement').innerText()).toBe('Turn 1: Rejected');
    expect(await judged(view)).toBe('Not judged');
    expect(parts(view)).toEqual([{ turn: 0, shape: null }]);
    await view.close();
  });

  it('is about the shape that is chosen, whose row and name say so', async () => {
    const view = await open();
    await shapeRow(view, 1).click();
    await command(view, 'needsEditPart');
    const mark = shapeRow(view, 1).getByTestId('part-mark-1-2');
    await expect.poll(() => mark.getAttribute('title')).toMatch(/^Needs edit · ann/);
    expect(parts(view)).toEqual([{ turn: 0, shape: 1 }]);
    const option = view.page.getByRole('option', { name: /blue square.*Needs edit/ });
    expect(await option.count()).toBe(1);
    expect(await turnMark(view).count()).toBe(0);
    await view.close();
  });

  it('is given and cleared by the menus of a turn and of the shapes', async () => {
    const view = await open();
    const choose = async (menu: string, item: string) => {
      await view.page.getByRole('button', { name: menu, exact: true }).click();
      await view.page.getByRole('menuitem', { name: item }).click();
    };
    await choose('More for Turn 1', 'Approve This Turn');
    await expect.poll(() => turnMark(view).innerText()).toBe('Approved');
    await choose('More for Turn 1', 'Clear the Verdict on This Turn');
    await expect.poll(() => turnMark(view).count()).toBe(0);
    await shapeRow(view, 0).click();
    await choose('More for Shapes', 'Reject This Shape');
    await shapeRow(view, 0).getByTestId('part-mark-1-1').waitFor();
    await view.close();
  });

  it('of several shapes at once is none, which is said', async () => {
    const view = await open();
    await shapeRow(view, 0).click();
    await shapeRow(view, 1).click({ modifiers: ['Control'] });
    await command(view, 'approvePart');
    await view.byId('notices').getByText('Choose a turn, or one shape').waitFor();
    expect(parts(view)).toEqual([]);
    await view.close();
  });

  it('is taken back by the same command as that on the trace, the last first', async () => {
    const view = await open();
    await view.host.call('command', { command: 'approve' });
    await expect.poll(() => judged(view)).toMatch(/^Approved/);
    await command(view, 'rejectPart');
    await turnMark(view).waitFor();
    await command(view, 'undoVerdict');
    await expect.poll(() => turnMark(view).count()).toBe(0);
    expect(await judged(view)).toMatch(/^Approved/);
    await command(view, 'undoVerdict');
    await expect.poll(() => judged(view)).toBe('Not judged');
    await view.close();
  });

  it('has the reasons of a review, which stays at the trace, and is gone back to from another', async () => {
    const view = await open();
    await command(view, 'review');
    await view.byId('reason-1').click();
    await command(view, 'rejectPart');
    await turnMark(view).waitFor();
    expect(await turnMark(view).getAttribute('title')).toContain('drawing is off');
    expect(await view.byId('reason-1').getAttribute('aria-pressed')).toBe('false');
    expect(await view.byId('trace-index').innerText()).toBe('1 of 2');
    await view.page.getByRole('button', { name: 'Next Trace' }).click();
    await expect.poll(() => view.byId('trace-index').innerText()).toBe('2 of 2');
    await command(view, 'undoVerdict');
    await expect.poll(() => view.byId('trace-index').innerText()).toBe('1 of 2');
    await expect.poll(() => turnMark(view).count()).toBe(0);
    await view.close();
  });

  it('stands in the history, leads to its turn, and says where its part was edited since', async () => {
    const said = { who: 'bob', at: '2026-11-25T12:00:00.000Z', reason: 'too large', comment: null };
    const partVerdicts = [
      {
        ...{ turn: 0, shape: 1, verdict: 'rejected' as const, editedSince: false, others: [] },
        said: { ...said, verdict: 'rejected' as const },
      },
      {
        ...{ turn: 1, shape: null, verdict: 'pending' as const, editedSince: true, others: [] },
        said: { ...said, verdict: 'approved' as const },
      },
    ];
    const view = await open({ traces: [editable(SCENE, { partVerdicts })] });
    await view.byId('toggle-history').click();
    const list = view.byId('part-verdicts').getByRole('listitem');
    expect(await list.nth(0).innerText()).toMatch(/Turn 1, “blue square”\s+Rejected\s+bob: too large/);
    expect(await list.nth(1).innerText()).toMatch(/Turn 2\s+Edited since\s+edited since bob approved it/);
    await list.nth(1).getByRole('button').click();
    await expect.poll(() => view.byId('turn-2').getAttribute('class')).toContain('chosen');
    await view.close();
  });
});

describe.each(THEMES)('in %s', (theme) => {
  it('verdicts on parts can be looked at', async () => {
    const view = await open({ theme });
    await command(view, 'approvePart');
    await turnMark(view).waitFor();
    await shapeRow(view, 0).click();
    await command(view, 'rejectPart');
    await shapeRow(view, 0).getByTestId('part-mark-1-1').waitFor();
    await shapeRow(view, 1).click();
    await command(view, 'needsEditPart');
    await shapeRow(view, 1).getByTestId('part-mark-1-2').waitFor();
    await view.byId('toggle-history').click();
    await view.byId('part-verdicts').waitFor();
    await view.screenshot(`part-verdicts-${theme}`);
    expect(view.complaints).toEqual([]);
    await view.close();
  });
});
