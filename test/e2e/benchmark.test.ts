import { expect, it } from 'vitest';
import { engineOf, engines, freeze } from './harness/engine-child';
import { useSession } from './harness/session';
import { MAZE } from './harness/workspace';

const session = useSession({ files: { 'maze.png': MAZE } });
const TITLE = 'ViLaSR: Benchmark This Machine';

it('a benchmark is cancelled in the middle of a measurement, whatever the engine does', async () => {
  const { workbench, probe } = session();
  const { notifications } = workbench;
  const host = await probe.pid();
  await workbench.run(TITLE);
  const going = notifications.withText('Benchmark of Bundled model');
  await going.filter({ hasText: /On the processor: / }).waitFor();
  freeze(await engineOf(host));
  await notifications.press('Benchmark of Bundled model', 'Cancel');
  await going.waitFor({ state: 'hidden' });
  await expect.poll(() => engines(host)).toEqual([]);
  expect(await workbench.tabs()).toEqual([]);
  expect(await notifications.texts()).toEqual([]);
});

it('it says what it measures, and opens a report that can be saved or pasted', async () => {
  const { workbench, probe, page } = session();
  await workbench.run(TITLE);
  const going = workbench.notifications.withText('Benchmark of Bundled model');
  await going
    .filter({ hasText: /On the processor: (reading|speaking|several replies|pictures|after)/ })
    .waitFor();
  await expect.poll(() => workbench.tabs(), { timeout: 90_000 }).toEqual(['# ViLaSR benchmark']);
  const text = await reportText();
  for (const line of [
    '# ViLaSR benchmark',
    'onnxruntime 1.30.0',
    'bundled: 3.8 million parameters',
    'tokens/s',
  ]) {
    expect(text).toContain(line);
  }
  expect(await page.locator('.statusbar-item', { hasText: 'Markdown' }).count()).toBe(1);
  expect(engines(await probe.pid())).toEqual([]);
  await probe.execute('workbench.action.revertAndCloseActiveEditor');
});

it('a server cannot be measured: the bundled model is offered in its stead', async () => {
  const { workbench, probe } = session();
  const { notifications } = workbench;
  await probe.configure('vilasr.model.source', 'server');
  await probe.configure('vilasr.server.url', 'http://localhost:9');
  await workbench.run(TITLE);
  await notifications.withText('The selected model is on a server').waitFor();
  await notifications.press('The selected model is on a server', 'Benchmark the Bundled Model');
  await expect.poll(() => workbench.tabs(), { timeout: 90_000 }).toHaveLength(1);
  expect(await reportText()).toContain('bundled: 3.8 million parameters');
  await probe.execute('workbench.action.revertAndCloseActiveEditor');
});

/** The text of the editor in sight, as the clipboard has it after all of it was copied. */
async function reportText(): Promise<string> {
  const { probe } = session();
  await probe.execute('editor.action.selectAll');
  await probe.execute('editor.action.clipboardCopyAction');
  return probe.clipboard();
}
