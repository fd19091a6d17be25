import { expect, it } from 'vitest';
import { copiedTrace } from './harness/copied-trace';
import { engineOf, freeze, runUntil, thaw } from './harness/engine-child';
import { useSession } from './harness/session';
import { MAZE } from './harness/workspace';
import { MAZE_QUESTION } from './samples';

const session = useSession({ files: { 'maze.png': MAZE } });

it('a run that is stopped keeps what was said until then', async () => {
  const { workbench, probe } = session();
  const { view } = workbench;
  await workbench.askAbout('maze.png');
  await workbench.putQuestion(MAZE_QUESTION.text, 'Multiple choice');
  await view.waitForEnd();
  // The second time the model is open, and the process that computes can be held.
  const engine = await engineOf(await probe.pid());
  freeze(engine);
  await view.choose('again', 'With the Same Seed');
  await view.byId('stop').waitFor();
  await runUntil(engine, async () => (await view.turn(2).count()) > 0);
  await view.byId('stop').click();
  thaw(engine);
  await view.waitForEnd();
  expect(await view.byId('question').innerText()).toContain('The run was stopped.');
  const trace = await copiedTrace(session());
  expect(trace?.finish).toBe('cancelled');
  expect(trace?.answer).toBeNull();
  const [turns, stopped] = [trace?.turns.slice(0, -1) ?? [], trace?.turns.at(-1)];
  expect(turns[0]).toMatchObject({ finish: 'stop', action: 'Path Tracer' });
  for (const turn of turns) expect(turn).toMatchObject({ finish: 'stop' });
  // The model may get on a little until it hears of it, but not to its answer.
  expect(stopped).toMatchObject({ finish: 'cancelled' });
  await workbench.runs.open();
  await expect.poll(() => workbench.runs.rows.count()).toBe(2);
  expect(await workbench.runs.rows.first().getAttribute('aria-label')).toMatch(/, stopped, bundled/);
});

it('it is asked again in a view of its own, with the same seed', async () => {
  const { view } = session().workbench;
  await view.choose('again', 'With the Same Seed');
  await expect.poll(() => view.byId('verdict').allInnerTexts()).toEqual(['Right']);
  await view.waitForEnd();
});

it('one that waits says so, and is stopped before its turn comes', async () => {
  const { workbench, probe } = session();
  const { view, runs } = workbench;
  const kept = await runs.rows.count();
  const engine = await engineOf(await probe.pid());
  freeze(engine);
  await view.choose('again', 'With a New Seed');
  await view.byId('stop').waitFor();
  await workbench.run('ViLaSR: Ask About a Sample…');
  await workbench.quickInput.choose('green triangle');
  await expect.poll(() => view.byId('question').innerText()).toContain('green triangle');
  await expect.poll(() => view.byId('run-state').innerText()).toBe('Waiting: 1 run ahead in the queue');
  await runs.row('waiting, 1 before it').waitFor();
  await view.byId('stop').click();
  await view.waitForEnd();
  expect(await view.byId('question').innerText()).toContain('The run was stopped.');
  thaw(engine);
  await expect.poll(() => runs.row('turn ').count()).toBe(0);
  expect(await runs.rows.count()).toBe(kept + 2);
});

it('of several runs that are selected those that have ended are deleted, and one that goes on stays', async () => {
  const { workbench, probe } = session();
  const { view, runs } = workbench;
  const engine = await engineOf(await probe.pid());
  freeze(engine);
  await view.choose('again', 'With the Same Seed');
  await view.byId('stop').waitFor();
  const kept = await runs.rows.count();
  const going = runs.row(/turn 1|Opening/);
  await going.click();
  await runs.pressWith(runs.rows.nth(1), 'Delete Run');
  await expect.poll(() => runs.rows.count()).toBe(kept - 1);
  await view.byId('stop').waitFor();
  expect(await going.count()).toBe(1);
  thaw(engine);
  await view.waitForEnd();
});

it('a model under a run is unloaded only when the run may be stopped, which then ends as stopped', async () => {
  const { workbench, probe, page } = session();
  const { view } = workbench;
  const engine = await engineOf(await probe.pid());
  freeze(engine);
  await view.choose('again', 'With the Same Seed');
  await view.byId('stop').waitFor();
  await workbench.run('ViLaSR: Unload Model');
  const dialog = page.locator('.monaco-dialog-box');
  await dialog.locator('.monaco-button', { hasText: 'Cancel' }).click();
  await view.byId('stop').waitFor();
  await workbench.run('ViLaSR: Unload Model');
  await dialog.locator('.monaco-button', { hasText: 'Stop and Unload' }).click();
  thaw(engine);
  await expect.poll(() => workbench.modelState.innerText()).toMatch(/unloaded/);
  await view.waitForEnd();
  expect(await view.byId('question').innerText()).toContain('The run was stopped.');
  // So that there is one to unload.
  await view.choose('again', 'With the Same Seed');
  await expect.poll(() => workbench.modelState.innerText()).toMatch(/idle/);
});

it('the idle model is unloaded when asked, and opened again by the next run', async () => {
  const { workbench } = session();
  await workbench.run('ViLaSR: Unload Model');
  await expect.poll(() => workbench.modelState.innerText()).toMatch(/unloaded/);
  const kept = await workbench.runs.rows.count();
  await workbench.runs.rows.last().click();
  await workbench.run('ViLaSR: Run Again');
  await expect.poll(() => workbench.runs.rows.count()).toBe(kept + 1);
  await workbench.runs.rows.first().click();
  await expect.poll(() => workbench.view.byId('verdict').allInnerTexts()).toEqual(['Right']);
  await workbench.view.waitForEnd();
  await expect.poll(() => workbench.modelState.innerText()).toMatch(/idle/);
});
