import { expect, it } from 'vitest';
import { engineOf, freeze, runUntil } from './harness/engine-child';
import { useSession } from './harness/session';
import { MAZE } from './harness/workspace';
import { MAZE_QUESTION } from './samples';

const session = useSession({ files: { 'maze.png': MAZE } });

it('an engine that is killed while a run streams ends that run in words, once, with its turns kept', async () => {
  const { workbench, probe, page } = session();
  const { view, notifications } = workbench;
  await workbench.askAbout('maze.png');
  await workbench.putQuestion(MAZE_QUESTION.text, 'Multiple choice');
  await view.waitForEnd();
  const engine = await engineOf(await probe.pid());
  freeze(engine);
  await view.choose('again', 'With the Same Seed');
  await view.byId('stop').waitFor();
  await runUntil(engine, async () => (await view.turn(2).count()) > 0);
  process.kill(engine, 'SIGKILL');
  await view.waitForEnd();
  expect(await view.byId('notices').innerText()).toMatch(/killed|SIGKILL/);
  expect(await view.turn(1).innerText()).toContain('At (70, 98)');
  await notifications.withText('Determine the final destination').waitFor();
  // A second one would come a moment later.
  await page.waitForTimeout(2000);
  expect(await notifications.texts()).toHaveLength(1);
});

it('the log is a button away', async () => {
  const { workbench, page } = session();
  await workbench.view.byRole('button', 'Show Log').click();
  await page.locator('.output-view .view-lines', { hasText: 'asked of bundled about' }).waitFor();
});

it('so is another try, which a fresh engine answers', async () => {
  const { workbench, probe } = session();
  await workbench.notifications.press('Determine the final destination', 'Run Again');
  await expect.poll(() => workbench.view.byId('verdict').allInnerTexts()).toEqual(['Right']);
  expect(await engineOf(await probe.pid())).toBeGreaterThan(0);
});
