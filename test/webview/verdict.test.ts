import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Shown } from './harness/fake-host';
import { openWorkbench, TraceViewPage, type Workbench } from './harness/open-view';
import { THEMES } from './harness/themes';
import { editable, MAZE, PICTURES, SCENE, shown } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

/** Keeps what comes through to the window, where VS Code listens for keys. */
const HEARD = `window.heard = []; window.addEventListener('keydown', ({ key }) => window.heard.push(key));`;

async function open(traces: readonly Shown[]): Promise<TraceViewPage> {
  const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces, script: HEARD });
  await view.byId('stage').waitFor();
  return view;
}

const heard = (view: TraceViewPage) => view.page.evaluate<string[]>('window.heard.splice(0)');
const judged = (view: TraceViewPage) => view.byId('judged').innerText();

describe('the verdict at the top', () => {
  it('says what counts, and changes by its buttons', async () => {
    const view = await open([editable(SCENE)]);
    expect(await judged(view)).toBe('Not judged');
    await view.byId('approve').click();
    await expect.poll(() => judged(view)).toMatch(/^Approved\s+ann\s+Nov 25, 2026/);
    expect(await view.byId('approve').getAttribute('aria-pressed')).toBe('true');
    expect(await view.byId('announcement').innerText()).toBe('Approved');
    await view.byId('needsEdit').click();
    await expect.poll(() => view.byId('announcement').innerText()).toBe('Needs edit');
    await view.byId('clearVerdict').click();
    await expect.poll(() => judged(view)).toMatch(/^Pending/);
    const asked = view.host.asked.filter((one) => one.startsWith('judge'));
    expect(asked.map((one) => /"verdict":"([^"]+)"/.exec(one)?.[1])).toEqual([
      'approved',
      'needs-edit',
      'pending',
    ]);
    await view.close();
  });

  it('is pending once the trace was edited since', async () => {
    const view = await open([editable(SCENE)]);
    await view.waitForShapes(2);
    await view.host.call('command', { command: 'approve' });
    await expect.poll(() => judged(view)).toMatch(/^Approved/);
    await view.byId('stage').focus();
    for (const key of ['.', 'ArrowRight']) await view.page.keyboard.press(key);
    await expect.poll(() => judged(view)).toMatch(/^Pending\s+edited since ann approved it/);
    expect(await view.byId('approve').getAttribute('aria-pressed')).toBe('false');
    await view.close();
  });

  it('comes after what was moved by keys, which is sent first', async () => {
    const view = await open([editable(SCENE)]);
    await view.waitForShapes(2);
    await view.byId('stage').focus();
    for (const key of ['.', 'ArrowRight']) await view.page.keyboard.press(key);
    await view.host.call('command', { command: 'reject' });
    await expect.poll(() => judged(view)).toMatch(/^Rejected/);
    const asked = view.host.asked.filter((one) => /^(edit|judge) /.test(one));
    expect(asked.map((one) => one.split(' ')[0])).toEqual(['edit', 'judge']);
    await view.close();
  });

  it('is not there for a run, and commands do nothing then', async () => {
    const view = await open([shown(MAZE)]);
    await view.host.call('command', { command: 'approve' });
    expect(await view.byId('judged').count()).toBe(0);
    expect(view.host.asked.filter((one) => one.startsWith('judge'))).toEqual([]);
    await view.close();
  });

  it('that is refused says why', async () => {
    const refuse = () => {
      throw new Error('The overlay is full.');
    };
    const view = await TraceViewPage.open(workbench, {
      ...{ pictures: PICTURES, traces: [editable(SCENE)], handlers: { judge: refuse } },
    });
    await view.byId('approve').click();
    await view.byId('notices').getByText('The overlay is full.').waitFor();
    await view.close();
  });
});

describe('single keys', () => {
  it('come to VS Code, but for those that are typed', async () => {
    const view = await open([editable(SCENE)]);
    await view.byId('stage').focus();
    await heard(view);
    for (const key of ['a', 'r', 'u']) await view.page.keyboard.press(key);
    expect(await heard(view)).toEqual(['a', 'r', 'u']);
    await view.page.getByRole('button', { name: 'Edit Question' }).click();
    await view.page.locator('textarea').first().focus();
    await heard(view);
    await view.page.keyboard.type('are');
    await view.page.keyboard.press('Control+s');
    expect(await heard(view)).toEqual(['Control', 's']);
    await view.close();
  });

  it('that the stage has a use for itself are none of VS Code’s: E goes to the next edge of a shape', async () => {
    const view = await open([editable(SCENE)]);
    await view.waitForShapes(2);
    await view.byId('stage').focus();
    await heard(view);
    await view.page.keyboard.press('e');
    await view.page.keyboard.press('.');
    await view.page.keyboard.press('e');
    await view.page.keyboard.press('a');
    expect(await heard(view)).toEqual(['e', 'a']);
    await view.close();
  });

  it('are said to be for commands while nothing is typed', async () => {
    const view = await open([editable(SCENE)]);
    const takesKeys = () => view.host.takesKeys;
    await expect.poll(takesKeys).toBe(true);
    await view.page.getByRole('button', { name: 'Edit Question' }).click();
    await view.page.locator('textarea').first().focus();
    await expect.poll(takesKeys).toBe(false);
    await view.byId('stage').focus();
    await expect.poll(takesKeys).toBe(true);
    await view.close();
  });
});

const said = (
  verdict: 'approved' | 'rejected' | 'needs-edit',
  who: string,
  reason: string | null = null,
) => ({
  ...{ verdict, who, reason, comment: null, at: '2026-11-25T12:00:00.000Z' },
});

describe.each(THEMES)('in %s', (theme) => {
  it('verdicts can be looked at', async () => {
    const verdicts: Shown['verdict'][] = [
      { verdict: 'approved', editedSince: false, said: said('approved', 'ann'), others: [] },
      {
        ...{ verdict: 'needs-edit', editedSince: false },
        said: said('needs-edit', 'bob', 'the second box is too large'),
        others: [said('rejected', 'ann', 'wrong answer'), said('approved', 'cy')],
      },
      { verdict: 'pending', editedSince: true, said: said('approved', 'ann'), others: [] },
      { verdict: 'rejected', editedSince: false, said: said('rejected', 'ann'), others: [] },
    ];
    const traces = verdicts.map((verdict, i) => editable({ ...SCENE, id: `scene-${i}` }, { verdict }));
    const view = await TraceViewPage.open(workbench, { pictures: PICTURES, theme, traces });
    for (const [i] of verdicts.entries()) {
      await view.waitForShapes(2);
      await view.screenshot(`verdict-${i}-${theme}`);
      if (i + 1 < verdicts.length) await view.page.getByRole('button', { name: 'Next Trace' }).click();
    }
    expect(view.complaints).toEqual([]);
    await view.close();
  });
});
