import axe, { type AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SampledCandidate, SamplingState } from '../../src/view/sampling-view';
import { openWorkbench, type Workbench } from './harness/open-view';
import { type SamplingOptions, SamplingViewPage } from './harness/sampling-view';
import { THEMES } from './harness/themes';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

const QUESTION =
  'Determine the final destination from the starting point (green point). Action Sequence: Go up.';

const candidate = (id: string, rest: Partial<SampledCandidate> = {}): SampledCandidate => ({
  ...{ id, question: QUESTION, outcome: 'right', answer: 'B', leftOut: null, turns: 4, seconds: 12.2 },
  error: null,
  ...rest,
});

const NEWEST = [
  candidate('maze-4-4#6'),
  candidate('maze-4-4#5', { leftOut: 'no revision', turns: 3 }),
  candidate('maze-4-4#3', { outcome: 'wrong', answer: 'C', leftOut: 'wrong' }),
  candidate('maze-4-4#4', { outcome: 'unanswered', answer: null, leftOut: 'not answered', turns: 20 }),
  candidate('maze-4-4#2', {
    ...{ outcome: 'failed', answer: null, leftOut: 'not answered', turns: 1, seconds: null },
    error: 'The engine was killed: out of memory?',
  }),
];

const RUNNING: SamplingState = {
  ...{ path: '/data/mazes.set.traces.jsonl', set: 'mazes.set.traces.jsonl', questionFile: 'mazes.jsonl' },
  model: 'ViLaSR-7B',
  plan: { questions: 12, candidates: 8, temperature: 1, topP: 1, seed: 0 },
  activity: { type: 'running' },
  total: 96,
  tally: { candidates: 38, right: 19, wellFormed: 36, reflective: 12, kept: 8 },
  failed: 1,
  running: ['maze-4-4#7', 'maze-4-4#8', 'maze-4-5#1', 'maze-4-5#2'],
  pace: { perSecond: 0.06, secondsLeft: 967 },
  newest: NEWEST,
};

const open = (options: Partial<SamplingOptions> = {}) =>
  SamplingViewPage.open(workbench, { state: RUNNING, ...options });

describe('a sampling that goes on', () => {
  it('says how far it is, how fast, and how good its candidates are', async () => {
    const view = await open();
    const text = (id: string) => view.byId(id).innerText();
    expect(await text('plan')).toBe(
      '8 candidates of each of 12 questions of mazes.jsonl · ViLaSR-7B · temperature 1 · seed 0',
    );
    expect(await text('done')).toBe('38 of 96');
    expect(await text('running')).toBe('4');
    expect(await text('rate')).toBe('3.6 a minute');
    expect(await text('time-left')).toBe('17 min');
    expect(await text('kept')).toBe('21 % 8 candidates');
    expect(await text('right')).toBe('50 % 19');
    expect(await text('failed')).toBe('1');
    expect(await text('activity')).toBe('Drawing candidates');
    expect(await view.page.getByRole('progressbar', { name: 'Candidates' }).getAttribute('value')).toBe('38');
    await view.close();
  });

  it('lists what was drawn last, in words', async () => {
    const view = await open();
    const rows = await view.byId('candidate').allInnerTexts();
    const words = rows.map((row) =>
      row
        .split('\t')
        .slice(0, 6)
        .map((word) => word.trim()),
    );
    expect(words).toEqual([
      ['maze-4-4#6', 'right', 'B', '4', '13 s', 'kept'],
      ['maze-4-4#5', 'right', 'B', '3', '13 s', 'no revision'],
      ['maze-4-4#3', 'wrong', 'C', '4', '13 s', ''],
      ['maze-4-4#4', 'no answer', '', '20', '13 s', ''],
      ['maze-4-4#2', 'failed', '', '1', '', 'The engine was killed: out of memory?'],
    ]);
    await view.close();
  });

  it('is paused, stopped, opened and reviewed from there, and shows what comes of it', async () => {
    const view = await open();
    for (const id of ['pause', 'stop', 'open', 'review']) await view.byId(id).click();
    await expect.poll(() => view.asked).toEqual(['pause', 'stop', 'open', 'review']);
    await view.show({ ...RUNNING, activity: { type: 'pausing' }, running: ['maze-4-5#1'] });
    expect(await view.byId('activity').innerText()).toBe('Pausing: what is being drawn is drawn to its end');
    expect(await view.byId('pause').count()).toBe(0);
    expect(await view.byId('stop').count()).toBe(1);
    await view.show({ ...RUNNING, activity: { type: 'paused' }, running: [], pace: null });
    expect(await view.byId('stop').count()).toBe(0);
    await view.byId('go-on').click();
    await expect.poll(() => view.asked.at(-1)).toBe('goOn');
    await view.close();
  });

  it('goes on by the keyboard alone', async () => {
    const view = await open();
    await view.byId('pause').focus();
    await view.page.keyboard.press('Enter');
    await expect.poll(() => view.asked).toEqual(['pause']);
    await view.close();
  });

  it('is kept by its set, for a window that is opened again', async () => {
    const view = await open();
    await expect.poll(() => view.kept()).toEqual({ path: RUNNING.path });
    await view.close();
  });
});

it('one that waits says for how many runs, and has nothing to open yet', async () => {
  const tally = { candidates: 0, right: 0, wellFormed: 0, reflective: 0, kept: 0 };
  const activity = { type: 'queued', ahead: 1 } as const;
  const view = await open({ state: { ...RUNNING, activity, total: null, tally, running: [], newest: [] } });
  expect(await view.byId('activity').innerText()).toBe('Waiting: 1 run ahead in the queue');
  expect(await view.byId('open').count()).toBe(0);
  expect(await view.byId('kept').innerText()).toBe('– 0 candidates');
  await view.close();
});

it('one that has failed says why, and can go on', async () => {
  const message = 'maze-4-5#2: The server does not answer at http://localhost:8000.';
  const view = await open({ state: { ...RUNNING, activity: { type: 'failed', message }, running: [] } });
  expect(await view.byId('failure').innerText()).toContain(message);
  expect(await view.byId('go-on').count()).toBe(1);
  await view.page.getByRole('button', { name: 'Show Log' }).click();
  await expect.poll(() => view.asked).toEqual(['showLog']);
  await view.screenshot('sampling-failed');
  await view.close();
});

it('says what could not be done', async () => {
  const refuse = () => {
    throw new Error('The set is not there any more.');
  };
  const view = await open({ handlers: { open: refuse } });
  await view.byId('open').click();
  await expect
    .poll(() => view.page.getByRole('alert').innerText())
    .toContain('The set is not there any more.');
  await view.close();
});

it.each(THEMES)('looks as VS Code does, and keeps the accessibility rules of axe, in %s', async (theme) => {
  const view = await open({ theme });
  await view.screenshot(`sampling-${theme}`);
  await view.page.evaluate(axe.source);
  const found = await view.page.evaluate<AxeResults>('axe.run()');
  expect(found.violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
  expect(view.complaints).toEqual([]);
  await view.close();
});

it('fits into a narrow editor', async () => {
  const view = await open({ width: 420 });
  const width = await view.page.evaluate<number>("document.querySelector('.sampling').scrollWidth");
  expect(width).toBeLessThanOrEqual(420);
  await view.screenshot('sampling-narrow');
  await view.close();
});
