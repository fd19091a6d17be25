import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Shown } from './harness/fake-host';
import { openWorkbench, TraceViewPage, type ViewOptions, type Workbench } from './harness/open-view';
import { THEMES } from './harness/themes';
import { editable, PICTURES, SCENE } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

/** A scene whose answer is right; it corrects a box, so that it is worth a review. */
const RIGHT = { ...SCENE, gold: 'B' };

/** Answers to two questions: three to the first, the second of them wrong, and two to the other. */
const CANDIDATES: readonly Shown[] = [
  ['q1', RIGHT],
  ['q1', SCENE],
  ['q1', RIGHT],
  ['q2', RIGHT],
  ['q2', RIGHT],
].map(([question, trace], i) => {
  if (typeof trace === 'string' || trace === undefined) throw new Error('a candidate is a trace');
  const source = { sample: { question, candidate: i + 1 } };
  return editable({ ...trace, id: `${question}-${i + 1}`, source });
});

async function open(more: Partial<ViewOptions> = {}): Promise<TraceViewPage> {
  const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: CANDIDATES, ...more });
  await view.byId('toggle-review').click();
  await view.byId('review-progress').waitFor();
  await view.byId('stage').focus();
  return view;
}

const place = (view: TraceViewPage) => view.byId('trace-index').innerText();
const progress = (view: TraceViewPage) => view.byId('review-progress').innerText();
const command = (view: TraceViewPage, name: 'approve' | 'reject' | 'undoVerdict' | 'skip' | 'comment') =>
  view.host.call('command', { command: name });
const judgements = (view: TraceViewPage) =>
  view.host.asked
    .filter((one) => one.startsWith('judge'))
    .map((one) => JSON.parse(one.slice(one.indexOf('{'))));

describe('a review', () => {
  it('says how far those agree who judged the same traces, where there are any', async () => {
    const alone = await open();
    expect(await alone.byId('agreement').count()).toBe(0);
    const view = await open();
    view.host.agreement = { pairs: 6, agreed: 5 };
    await view.host.call('listChanged', {});
    await expect.poll(() => progress(view)).toContain('· 83 % agreement');
    expect(await view.byId('agreement').getAttribute('title')).toContain('Of 6 pairs');
    await alone.close();
    await view.close();
  });

  it('leads from verdict to verdict through what is right and corrects itself', async () => {
    const view = await open();
    expect(await progress(view)).toContain('0 of 4 judged');
    await command(view, 'approve');
    // The second is wrong, and none of the list.
    await expect.poll(() => place(view)).toBe('3 of 5');
    await command(view, 'reject');
    await expect.poll(() => place(view)).toBe('4 of 5');
    await expect.poll(() => progress(view)).toContain('2 of 4 judged');
    await command(view, 'skip');
    await expect.poll(() => place(view)).toBe('5 of 5');
    await command(view, 'approve');
    await view.byId('notices').getByText('That was the last trace of the list.').waitFor();
    await view.close();
  });

  it('begins with the first trace of the list where another is shown', async () => {
    const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: CANDIDATES });
    await view.page.getByRole('button', { name: 'Next Trace' }).click();
    await expect.poll(() => place(view)).toBe('2 of 5');
    await view.byId('toggle-review').click();
    await expect.poll(() => place(view)).toBe('1 of 5');
    await view.close();
  });

  it('that was restored with the window goes on with what is still to be judged', async () => {
    const view = await open();
    await command(view, 'approve');
    await expect.poll(() => place(view)).toBe('3 of 5');
    const kept = () => view.page.evaluate<string>("sessionStorage.getItem('state')");
    await expect.poll(kept).toContain('"index":2');
    await view.page.getByRole('button', { name: 'Answer 1' }).first().click();
    await expect.poll(() => place(view)).toBe('1 of 5');
    await expect.poll(kept).toContain('"index":0');
    // Who was only hidden stays where they were.
    await view.page.reload();
    await view.waitForShapes(2);
    await expect.poll(() => progress(view)).toContain('1 of 4 judged');
    expect(await place(view)).toBe('1 of 5');
    view.host.forget();
    await view.page.reload();
    await expect.poll(() => place(view)).toBe('3 of 5');
    await view.close();
  });

  it('asks for the list once, also where that is open too', async () => {
    const view = await open();
    const lists = () => view.host.asked.filter((one) => one.startsWith('list ')).length;
    await view.byId('toggle-list').click();
    await view.byId('list-search').waitFor();
    await view.waitForShapes(2);
    const before = lists();
    await view.host.call('listChanged', {});
    await expect.poll(lists).toBe(before + 1);
    await command(view, 'skip');
    await expect.poll(() => place(view)).toBe('3 of 5');
    await expect.poll(lists).toBe(before + 2);
    await view.close();
  });

  it('takes a verdict back at its own trace', async () => {
    const view = await open();
    await command(view, 'approve');
    await expect.poll(() => place(view)).toBe('3 of 5');
    await command(view, 'undoVerdict');
    await expect.poll(() => place(view)).toBe('1 of 5');
    await expect.poll(() => view.byId('judged').innerText()).toBe('Not judged');
    expect(view.host.asked.filter((one) => one.startsWith('undoVerdict'))).toHaveLength(1);
    await view.close();
  });

  it('sends the reasons that were chosen and the comment with the verdict, and with no other', async () => {
    const view = await open();
    await view.host.call('reason', { number: 1 });
    await view.host.call('reason', { number: 3 });
    await view.host.call('reason', { number: 9 });
    expect(await view.byId('reason-1').getAttribute('aria-pressed')).toBe('true');
    expect(await view.byId('announcement').innerText()).toBe('malformed: chosen');
    await command(view, 'comment');
    await view.page.keyboard.type('look at turn 2');
    await view.page.keyboard.press('Enter');
    await command(view, 'reject');
    await expect.poll(() => place(view)).toBe('3 of 5');
    expect(await view.byId('reason-1').getAttribute('aria-pressed')).toBe('false');
    await command(view, 'reject');
    await expect.poll(() => place(view)).toBe('4 of 5');
    expect(judgements(view).map(({ why }) => why)).toEqual([
      { reason: 'drawing is off; malformed', comment: 'look at turn 2' },
      { reason: null, comment: null },
    ]);
    await view.close();
  });

  it('keeps what was chosen and written for a trace while another is looked at', async () => {
    const view = await open();
    await view.host.call('reason', { number: 2 });
    await expect.poll(() => view.byId('reason-2').getAttribute('aria-pressed')).toBe('true');
    await view.host.call('command', { command: 'nextCandidate' });
    await expect.poll(() => place(view)).toBe('2 of 5');
    expect(await view.byId('reason-2').getAttribute('aria-pressed')).toBe('false');
    await view.host.call('command', { command: 'previousCandidate' });
    await expect.poll(() => view.byId('reason-2').getAttribute('aria-pressed')).toBe('true');
    await view.close();
  });

  it('takes back no verdict from before it began', async () => {
    const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: CANDIDATES });
    await view.byId('stage').waitFor();
    await command(view, 'approve');
    await expect.poll(() => view.byId('judged').innerText()).toMatch(/^Approved/);
    await view.byId('toggle-review').click();
    await expect.poll(() => place(view)).toBe('3 of 5');
    await command(view, 'approve');
    await expect.poll(() => place(view)).toBe('4 of 5');
    await command(view, 'undoVerdict');
    await expect.poll(() => place(view)).toBe('3 of 5');
    await expect.poll(() => view.byId('judged').innerText()).toBe('Not judged');
    await expect.poll(() => view.byId('announcement').innerText()).toBe('Not judged');
    await command(view, 'undoVerdict');
    // The next one is about the trace that is shown, and nothing else.
    await expect.poll(() => view.host.asked.filter((one) => one.startsWith('undoVerdict')).length).toBe(2);
    expect(await place(view)).toBe('3 of 5');
    await view.close();
  });

  it('judges nothing by a key while the sheet of keys covers the trace', async () => {
    const view = await open();
    await view.host.call('command', { command: 'showReviewKeys' });
    await view.byId('key-sheet').waitFor();
    await expect.poll(() => view.host.takesKeys).toBe(false);
    await view.page.keyboard.press('Escape');
    await expect.poll(() => view.host.takesKeys).toBe(true);
    await view.close();
  });

  it('tells the host that its keys are for commands, but not while a comment is written', async () => {
    const view = await open();
    await expect.poll(() => [view.host.takesKeys, view.host.isReviewing]).toEqual([true, true]);
    await command(view, 'comment');
    await expect.poll(() => view.host.takesKeys).toBe(false);
    await view.page.keyboard.press('Enter');
    await expect.poll(() => view.host.takesKeys).toBe(true);
    await view.byId('end-review').click();
    await expect.poll(() => view.host.isReviewing).toBe(false);
    await view.close();
  });

  it('takes a verdict that comes before the trace was seen for none', async () => {
    const view = await open();
    await Promise.all([command(view, 'approve'), command(view, 'approve'), command(view, 'approve')]);
    await expect.poll(() => place(view)).toBe('3 of 5');
    expect(judgements(view)).toHaveLength(1);
    await view.close();
  });

  it('shows the other answers to the question, and leads to them', async () => {
    const view = await open();
    const strip = view.byId('candidates');
    await strip.getByRole('button', { name: 'Answer 2, wrong' }).click();
    await expect.poll(() => place(view)).toBe('2 of 5');
    await view.host.call('command', { command: 'nextCandidate' });
    await expect.poll(() => place(view)).toBe('3 of 5');
    // There is no other after it.
    await view.host.call('command', { command: 'nextCandidate' });
    await view.host.call('command', { command: 'previousCandidate' });
    await expect.poll(() => place(view)).toBe('2 of 5');
    expect(await strip.getByRole('button', { name: 'Answer 2' }).getAttribute('aria-current')).toBe('true');
    await view.close();
  });

  it('says what the trace is worth, and what the reward does not see', async () => {
    const view = await open();
    await expect.poll(() => view.byId('scores').innerText()).toMatch(/Reward\s+1\s+accuracy 1 · format 0/);
    await view.byId('candidates').getByRole('button', { name: 'Answer 2, wrong' }).click();
    await expect.poll(() => view.byId('scores').innerText()).toMatch(/Reward\s+0/);
    await view.close();
  });

  it('of a share has its questions whole', async () => {
    const view = await open();
    const choose = async (part: string) => {
      await view.byId('slice').click();
      await view.page.getByRole('menuitemcheckbox', { name: part }).click();
      await expect.poll(() => view.byId('slice').innerText()).toContain(part);
    };
    const isQueried = (part: number) => () =>
      view.host.asked.some(
        (one) => one.startsWith('list') && one.includes(`"slice":{"part":${part},"of":2}`),
      );
    await choose('Part 1 of 2');
    await expect.poll(isQueried(1)).toBe(true);
    await choose('Part 2 of 2');
    await expect.poll(isQueried(2)).toBe(true);
    // Both answers to one question are in the same part.
    await expect.poll(() => progress(view)).toMatch(/of (0|2|4) judged/);
    await view.close();
  });

  it('offers all that are pending where none is right and reflective', async () => {
    const traces = [SCENE, SCENE].map((trace, i) => editable({ ...trace, id: `wrong-${i}` }));
    const view = await open({ traces });
    await view.byId('all-pending').click();
    await expect.poll(() => progress(view)).toContain('0 of 2 judged');
    await command(view, 'reject');
    await expect.poll(() => place(view)).toBe('2 of 2');
    await view.close();
  });

  it('begins all that are pending with the first of them, wherever the one before ended', async () => {
    const traces = [SCENE, RIGHT, SCENE].map((trace, i) => editable({ ...trace, id: `answer-${i}` }));
    const view = await open({ traces });
    await expect.poll(() => place(view)).toBe('2 of 3');
    await command(view, 'approve');
    await view.byId('all-pending').click();
    await expect.poll(() => place(view)).toBe('1 of 3');
    await view.close();
  });

  it('shows its keys until Escape, and the stage has the focus then', async () => {
    const view = await open();
    await view.host.call('command', { command: 'showReviewKeys' });
    const sheet = view.byId('key-sheet');
    await sheet.waitFor();
    expect(await sheet.innerText()).toContain('Approve');
    await view.page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    expect(await view.page.evaluate('document.activeElement.dataset.testid')).toBe('stage');
    await view.close();
  });

  it('is not offered for a run, which cannot be judged', async () => {
    const view = await TraceViewPage.open(workbench, {
      ...{ pictures: PICTURES, traces: CANDIDATES.map((one) => ({ ...one, verdict: null })) },
    });
    await view.byId('stage').waitFor();
    expect(await view.byId('toggle-review').count()).toBe(0);
    await view.close();
  });
});

describe.each(THEMES)('in %s', (theme) => {
  it('a review can be looked at', async () => {
    const view = await open({ theme });
    await view.waitForShapes(2);
    await command(view, 'approve');
    await expect.poll(() => place(view)).toBe('3 of 5');
    await view.host.call('reason', { number: 2 });
    await view.waitForShapes(2);
    await view.screenshot(`review-${theme}`);
    await view.host.call('command', { command: 'showReviewKeys' });
    await view.byId('key-sheet').waitFor();
    await view.screenshot(`review-keys-${theme}`);
    expect(view.complaints).toEqual([]);
    await view.close();
  });
});
