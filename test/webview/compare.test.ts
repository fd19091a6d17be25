import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatAnswerTurn, formatDrawingTurn } from '../../src/trace/format-turn';
import type { Shown } from './harness/fake-host';
import { openWorkbench, TraceViewPage, type ViewOptions, type Workbench } from './harness/open-view';
import { THEMES } from './harness/themes';
import { editable, PICTURES, SCENE } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

const box = (index: number, corners: [number, number, number, number], label: string) =>
  ({ index, bbox_2d: corners, label }) as const;

const SAYS_B = formatAnswerTurn('The triangle is below the square.', 'B');
const SAYS_A = formatAnswerTurn('The triangle is above the square.', 'A');
const CORRECTS = formatDrawingTurn('The triangle is a little off: I draw it again.', [
  box(2, [29, 86, 55, 111], 'green triangle'),
]);

/** An answer to a question about the scene; the first turn is the same in all but for `left`. */
function answer(question: string, number: number, left: number, turns: readonly string[]): Shown {
  const first = formatDrawingTurn('I look for the green triangle and the blue square.', [
    box(1, [left, 59, 53, 81], 'green triangle'),
    box(1, [80, 20, 110, 50], 'blue square'),
  ]);
  const source = { sample: { question, candidate: number } };
  const trace = {
    ...{ ...SCENE, gold: 'B', id: `${question}-${number}`, source },
    turns: [first, ...turns].map((text) => ({ text, finish: 'stop' as const, tokens: 30, seconds: 0.4 })),
  };
  return editable(trace, { correct: turns.at(-1) === SAYS_B });
}

/** Five answers to one question, and one to another. */
const TRACES: readonly Shown[] = [
  answer('q1', 1, 31, [CORRECTS, SAYS_B]),
  answer('q1', 2, 31, [SAYS_A]),
  answer('q1', 3, 24, [CORRECTS, SAYS_B]),
  answer('q1', 4, 31, [CORRECTS, SAYS_B]),
  answer('q1', 5, 28, [SAYS_B]),
  answer('q2', 1, 31, [CORRECTS, SAYS_B]),
];

async function open(more: Partial<ViewOptions> = {}): Promise<TraceViewPage> {
  const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: TRACES, ...more });
  await view.waitForShapes(2);
  await view.byId('stage').focus();
  return view;
}

type Name = 'compare' | 'nextCandidate' | 'previousCandidate' | 'approve' | 'review';
const command = (view: TraceViewPage, name: Name) => view.host.call('command', { command: name });
const place = (view: TraceViewPage) => view.byId('trace-index').innerText();
const heads = (view: TraceViewPage) => view.byId('compare').locator('thead th.compared').allInnerTexts();

/** Waits until so many columns have their traces. */
const waitForColumns = (view: TraceViewPage, count: number) =>
  expect.poll(() => view.byId('compare').locator('thead .compared-answer').count()).toBe(count);

describe('a comparison', () => {
  it('puts the next answer beside the one that is shown, turn beside turn', async () => {
    const view = await open();
    await command(view, 'compare');
    await waitForColumns(view, 2);
    const [first, second] = await heads(view);
    expect(first).toMatch(/^Answer 1\s+this one\s+B\s+Right/);
    expect(first).toMatch(/Reward\s+2/);
    expect(second).toMatch(/^Answer 2\s+A\s+Wrong/);
    const row = view.byId('compare-turn-2').getByRole('cell');
    expect(await row.nth(0).innerText()).toContain('box “green triangle”, [29, 86, 55, 111] on image 2');
    expect(await row.nth(1).innerText()).toMatch(/above[\s\S]*Answer:\s+A/);
    expect(await view.byId('compare-turn-3').getByRole('cell').nth(1).innerText()).toBe('no turn 3');
    await view.close();
  });

  it('is a table whose headers a screen reader can name', async () => {
    const view = await open();
    await command(view, 'compare');
    await waitForColumns(view, 2);
    const table = view.byId('compare').getByRole('table');
    expect(await table.getByRole('columnheader').count()).toBe(3);
    expect(await table.getByRole('rowheader').count()).toBe(3);
    expect(await view.byId('compared-1').getAttribute('aria-current')).toBe('true');
    await view.close();
  });

  it('says where they part first, and leads there', async () => {
    const view = await open();
    await command(view, 'compare');
    const first = view.byId('first-difference');
    await expect
      .poll(() => first.innerText())
      .toBe('First difference: turn 2 (action, words, drawings, answer)');
    await first.getByRole('button').click();
    await expect.poll(() => view.byId('compare-turn-2').getAttribute('class')).toContain('chosen');
    expect(await view.byId('compare-turn-1').locator('mark').count()).toBe(0);
    expect(await view.byId('compare-turn-2').locator('mark').count()).toBeGreaterThan(0);
    await view.close();
  });

  it('says so where the answers are the same', async () => {
    const view = await open({ traces: [TRACES[0], TRACES[3]].flatMap((one) => one ?? []) });
    await command(view, 'compare');
    await expect.poll(() => view.byId('first-difference').innerText()).toBe('They say the same.');
    await view.close();
  });

  it('lays the drawings of the others over the picture, each in a stroke of its own', async () => {
    const view = await open();
    await command(view, 'compare');
    await view.byId('compare-with-3').click();
    await waitForColumns(view, 3);
    const overlay = view.byId('overlay');
    // At the first turn: two boxes each.
    await expect.poll(() => overlay.locator('g.dashed rect.ink').count()).toBe(2);
    expect(await overlay.locator('g.dotted rect.ink').count()).toBe(2);
    const [scale, left] = await view.placement();
    const x = await overlay.locator('g.dotted rect.ink').first().getAttribute('x');
    expect(Number(x)).toBeCloseTo(24 * scale + left, 3);
    const legend = await view.byId('overlay-legend').locator('li').allInnerTexts();
    expect(legend).toEqual(['Answer 1 · this one', 'Answer 2 · 2 shapes', 'Answer 3 · 2 shapes']);
    await view.close();
  });

  it('takes no more than four answers', async () => {
    const view = await open();
    await command(view, 'compare');
    for (const number of [3, 4]) await view.byId(`compare-with-${number}`).click();
    await waitForColumns(view, 4);
    expect(await view.byId('compare-with-5').getAttribute('disabled')).not.toBeNull();
    await view.byId('leave-out-2').click();
    await waitForColumns(view, 3);
    await view.byId('compare-with-5').click();
    await waitForColumns(view, 4);
    await view.close();
  });

  it('makes another column the shown one by a button or a key, and the verdict is about that', async () => {
    const view = await open();
    await command(view, 'compare');
    await waitForColumns(view, 2);
    await view.byId('show-2').click();
    await expect.poll(() => place(view)).toBe('2 of 6');
    await expect.poll(() => view.byId('compared-2').getAttribute('aria-current')).toBe('true');
    await command(view, 'approve');
    await expect.poll(async () => (await heads(view))[1]).toContain('Approved');
    expect((await heads(view))[0]).not.toContain('Approved');
    await command(view, 'previousCandidate');
    await expect.poll(() => place(view)).toBe('1 of 6');
    // There is no column before it.
    await command(view, 'previousCandidate');
    await command(view, 'nextCandidate');
    await expect.poll(() => place(view)).toBe('2 of 6');
    await view.close();
  });

  it('goes on with the next question in a review', async () => {
    const view = await open({ traces: [TRACES[0], TRACES[1], TRACES[5]].flatMap((one) => one ?? []) });
    await command(view, 'review');
    await view.byId('compare-with-2').click();
    await waitForColumns(view, 2);
    await command(view, 'approve');
    await expect.poll(() => place(view)).toBe('3 of 3');
    await expect
      .poll(() => view.byId('first-difference').innerText())
      .toBe('There is no other answer to this question in the file.');
    await waitForColumns(view, 1);
    await view.close();
  });

  it('shows the others as their edits leave them, and drops what comes too late', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const trace = TRACES[1]?.trace;
    if (!trace) throw new Error('There is a second answer.');
    const late = {
      trace,
      key: 'late',
      edited: true,
      correct: true,
      verdict: 'rejected',
      score: null,
      flags: [],
    };
    const view = await open({
      handlers: {
        candidate: async ({ revision }) => {
          if (revision === 0) await held;
          return revision === 0
            ? { ...late, verdict: 'rejected' as const }
            : { ...late, verdict: 'approved' as const };
        },
      },
    });
    await command(view, 'compare');
    await view.byId('compared-2').waitFor();
    // Choosing it makes a new revision, of which the answer comes before that of the one before.
    await view.host.call('command', { command: 'nextTrace' });
    await expect.poll(async () => (await heads(view))[0]).toContain('Approved');
    release();
    await view.host.call('command', { command: 'showReviewKeys' });
    expect(await heads(view)).toEqual(expect.not.arrayContaining([expect.stringContaining('Rejected')]));
    await view.close();
  });

  it('ends by Escape or the command again, and the stage has the focus then', async () => {
    const view = await open();
    await command(view, 'compare');
    await expect.poll(() => view.host.isComparing).toBe(true);
    await view.byId('end-compare').focus();
    await view.page.keyboard.press('Escape');
    await view.byId('compare').waitFor({ state: 'detached' });
    expect(await view.page.evaluate('document.activeElement.dataset.testid')).toBe('stage');
    await command(view, 'compare');
    await view.byId('compare').waitFor();
    await view.byId('stage').focus();
    await view.page.keyboard.press('Escape');
    await view.byId('compare').waitFor({ state: 'detached' });
    await command(view, 'compare');
    await view.byId('compare').waitFor();
    await command(view, 'compare');
    await view.byId('compare').waitFor({ state: 'detached' });
    await expect.poll(() => view.host.isComparing).toBe(false);
    await view.close();
  });

  it('is there again after the view was hidden or reloaded', async () => {
    const view = await open();
    await command(view, 'compare');
    await view.byId('compare-with-4').click();
    await view.byId('leave-out-2').click();
    await waitForColumns(view, 2);
    const kept = () => view.page.evaluate<string>("sessionStorage.getItem('state')");
    await expect.poll(kept).toContain('"comparing":[0,3]');
    await view.page.reload();
    await waitForColumns(view, 2);
    expect((await heads(view)).map((head) => head.slice(0, 8))).toEqual(['Answer 1', 'Answer 4']);
    await view.close();
  });

  it('is nothing for a file of one trace, which says so', async () => {
    const view = await open({ traces: TRACES.slice(0, 1) });
    await command(view, 'compare');
    await view.byId('notices').getByText('There is but one trace').waitFor();
    expect(await view.byId('compare').count()).toBe(0);
    await view.close();
  });
});

describe.each(THEMES)('in %s', (theme) => {
  it('a comparison can be looked at', async () => {
    const view = await open({ theme });
    await command(view, 'review');
    await view.byId('compare-with-2').click();
    await view.byId('compare-with-3').click();
    await waitForColumns(view, 3);
    await view.chooseTurn(2);
    await view.byId('stage').focus();
    await view.screenshot(`compare-${theme}`);
    expect(view.complaints).toEqual([]);
    await view.close();
  });
});
