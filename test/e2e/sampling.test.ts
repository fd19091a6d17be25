import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { end, engineOf, freeze, runUntil, thaw } from './harness/engine-child';
import { photograph } from './harness/screenshots';
import { useSession } from './harness/session';
import { MAZE, SCENE } from './harness/workspace';

const SET = 'questions.set.traces.jsonl';

const session = useSession({
  files: {
    ...{ 'maze.png': MAZE, 'scene.png': SCENE },
    'questions.jsonl': { copyOf: 'media/samples/questions.jsonl' },
  },
});

/** Ids of the candidates that are in the set, in order. */
function idsInSet(): string[] {
  const lines = readFileSync(join(session().folder, SET), 'utf8').trim().split('\n');
  return lines.map((line): string => JSON.parse(line).id).sort();
}

const text = (id: string) => session().workbench.view.byId(id).innerText();
const done = async () => Number(/^(\d+) of 8$/.exec(await text('done'))?.[1]);

/** Answers the first question of the command by its first line. */
async function openPlan(): Promise<void> {
  const { explorer, quickInput } = session().workbench;
  const menu = await explorer.rightClick('questions.jsonl');
  await menu.choose('Sample Candidates…');
  await quickInput.waitUntilShown('Sample Candidates with Bundled model');
}

it('a question file is sampled from as it was asked for, and paused it draws to its end what it has begun', async () => {
  const { workbench, probe, page } = session();
  const { quickInput, view } = workbench;
  await openPlan();
  expect(await quickInput.labels()).toEqual([
    'Begin',
    'Candidates of each question',
    'Temperature',
    'Top-p',
    'Seed',
    'Questions',
    'Trace file',
  ]);
  await photograph(page, 'sampling-plan');
  await quickInput.choose('Candidates of each question');
  await quickInput.waitUntilShown('Candidates of Each Question');
  await quickInput.type('0');
  await quickInput.waitForMessage('A whole number, at least 1.');
  await quickInput.type('4');
  await quickInput.accept();
  await quickInput.waitUntilShown('Sample Candidates with Bundled model');
  await quickInput.choose('8 candidates into');
  // Held up as soon as it is there: it would draw the whole set while a slow page is looked at.
  const engine = await engineOf(await probe.pid());
  await runUntil(engine, async () => Number(await text('running').catch(() => 0)) > 0);
  await expect.poll(() => text('plan')).toMatch(/^4 candidates of each/);
  await view.byId('pause').click();
  await expect.poll(() => text('activity')).toBe('Pausing: what is being drawn is drawn to its end');
  const running = Number(await text('running'));
  const before = await done();
  thaw(engine);
  await expect.poll(() => text('activity'), { timeout: 60_000 }).toBe('Paused');
  expect(await done()).toBe(before + running);
  expect(idsInSet()).toHaveLength(before + running);
  expect(await view.byId('candidate').count()).toBe(before + running);
  await photograph(page, 'sampling-paused');
});

it('is to be found in Recent Runs and in the status bar, and closing its view stops nothing', async () => {
  const { workbench, probe, page } = session();
  const { runs, view } = workbench;
  await workbench.closeEditor();
  await runs.open();
  const row = runs.row(SET);
  await row.getByText(/^\d of 8, paused/).waitFor();
  const engine = await engineOf(await probe.pid());
  freeze(engine);
  await row.hover();
  await row.locator('a[aria-label^="Go On Sampling"]').click();
  await row.getByText(/^(?!.*paused)\d of 8|Opening/).waitFor();
  await workbench.samplingState.waitFor();
  expect(await workbench.tabs()).not.toContain(`Sampling ${SET}`);
  await workbench.samplingState.click();
  await view.byId('stop').waitFor();
  await photograph(page, 'sampling-going');
  const before = await done().catch(() => 0);
  await view.byId('stop').click();
  thaw(engine);
  await expect.poll(() => text('activity')).toBe('Stopped: what was drawn until then is in the set');
  expect(await done()).toBeGreaterThanOrEqual(before);
  expect(idsInSet()).toHaveLength(await done());
});

it('a window that is loaded anew in the middle has the view again, with what is in the set', async () => {
  const { workbench, probe } = session();
  const { view } = workbench;
  // What the harness waits for.
  await workbench.showExplorer();
  await view.byId('go-on').click();
  const engine = await engineOf(await probe.pid());
  await runUntil(engine, async () => Number(await text('running')) > 0);
  // Held up until the window is gone: it could draw the whole set meanwhile.
  await session().reload();
  end(engine);
  await expect.poll(() => text('activity')).toMatch(/^Stopped/);
  await expect.poll(done).toBe(idsInSet().length);
});

it('a window and an engine that are killed in the middle lose nothing: the command goes on to the end', async () => {
  const { workbench, probe } = session();
  const { view, quickInput } = workbench;
  await view.byId('go-on').click();
  const engine = await engineOf(await probe.pid());
  await runUntil(engine, async () => Number(await text('running')) > 0);
  await session().kill();
  end(engine);
  // The view that comes back takes the focus, and a menu that is open goes with that.
  await expect.poll(() => text('activity')).toMatch(/^Stopped/);
  await openPlan();
  expect((await quickInput.labels())[0]).toBe('Go On');
  await quickInput.choose('Go On');
  await expect.poll(async () => Number(await text('running'))).toBeGreaterThan(0);
  // What dies with the engine is asked again.
  process.kill(await engineOf(await probe.pid()), 'SIGKILL');
  await expect.poll(() => text('activity'), { timeout: 120_000 }).toBe('All candidates are there');
  expect(await done()).toBe(8);
  expect(await view.byId('failed').count()).toBe(0);
  const questions = ['maze-271828-49', 'scene-271828-31'];
  expect(idsInSet()).toEqual(questions.flatMap((id) => [1, 2, 3, 4].map((number) => `${id}#${number}`)));
});

it('the set is opened, and reviewed', async () => {
  const { workbench, page } = session();
  const { view } = workbench;
  await view.byId('open').click();
  await view.byId('stage').waitFor();
  expect(await view.byId('trace-index').innerText()).toMatch(/of 8$/);
  await workbench.run('ViLaSR: Show Sampling');
  await view.byId('review').click();
  await view.byId('review-progress').waitFor();
  await expect.poll(() => text('review-progress')).toMatch(/^0 of \d+ judged/);
  await photograph(page, 'sampling-review');
});

it('a question file that is open has the command in its title', async () => {
  const { probe, page, workbench } = session();
  await probe.openWith(join(session().folder, 'questions.jsonl'), 'vilasr.data');
  await page.locator('.editor-actions a[aria-label^="Sample Candidates"]').click();
  await workbench.quickInput.waitUntilShown('Sample Candidates with Bundled model');
  await workbench.quickInput.cancel();
});

it('asked for again it offers to go on, and says where a plan does not fit the set', async () => {
  const { quickInput } = session().workbench;
  await session().workbench.showExplorer();
  await openPlan();
  expect((await quickInput.labels())[0]).toBe('Go On');
  await quickInput.choose('Temperature');
  await quickInput.waitUntilShown('Temperature');
  await quickInput.type('0.5');
  await quickInput.accept();
  await quickInput.waitUntilShown('Sample Candidates with Bundled model');
  expect((await quickInput.labels())[0]).toBe(`Take the Plan of ${SET}`);
  await quickInput.choose('It holds 8 candidates that were drawn with another temperature.');
  await expect.poll(async () => (await quickInput.labels())[0]).toBe('Go On');
  await quickInput.cancel();
});
