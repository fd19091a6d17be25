import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeTrace } from '../../src/trace/trace-line';
import { useSession } from './harness/session';
import { SCENE } from './harness/workspace';
import { sceneTrace } from './traces';

const TRACES = ['first', 'second', 'third'].map((id) => `${writeTrace(sceneTrace(id))}\n`).join('');
const session = useSession({ files: { 'scene.png': SCENE, 'scenes.traces.jsonl': TRACES } });

it('a trace file opens in the trace view, one trace at a time', async () => {
  const { explorer, view } = session().workbench;
  await explorer.openFile('scenes.traces.jsonl');
  await expect.poll(() => view.byId('trace-index').innerText()).toBe('1 of 3');
  await view.byRole('button', 'Next Trace').click();
  await expect.poll(() => view.byId('trace-index').innerText()).toBe('2 of 3');
  await view.chooseTurn(2);
  await view.waitForImage(3);
  // The box, and the ghost of the one that it corrects.
  await view.waitForShapes(2);
  expect(await view.picturePixels()).toEqual([140, 140]);
});

it('shows the pixels that the model saw in place of the shapes, and back', async () => {
  const { workbench } = session();
  const { view } = workbench;
  const base = await view.byId('picture').getAttribute('src');
  await workbench.run('ViLaSR: Toggle What the Model Saw');
  await expect.poll(() => view.byId('stage').getAttribute('data-pixels')).toBe('seen');
  await expect.poll(() => view.byId('picture').getAttribute('src')).not.toBe(base);
  await workbench.run('ViLaSR: Toggle What the Model Saw');
  await expect.poll(() => view.byId('picture').getAttribute('src')).toBe(base);
});

it('keys of VS Code lead from turn to turn and from trace to trace', async () => {
  const { workbench, page } = session();
  const { view } = workbench;
  await view.byId('stage').click();
  await page.keyboard.press('Alt+PageUp');
  await view.waitForImage(2);
  await page.keyboard.press('Control+Alt+PageDown');
  await expect.poll(() => view.byId('trace-index').innerText()).toBe('3 of 3');
  await page.keyboard.press('Control+Alt+PageUp');
  await expect.poll(() => view.byId('trace-index').innerText()).toBe('2 of 3');
});

it('is at the same trace and turn after the window was loaded anew', async () => {
  const { view } = session().workbench;
  await view.chooseTurn(2);
  await view.waitForImage(3);
  await session().reload();
  await view.waitForImage(3);
  expect(await view.byId('trace-index').innerText()).toBe('2 of 3');
  expect(await view.turn(2).locator('[aria-current=step]').count()).toBe(1);
});

it('is at the same trace and turn after another editor hid it', async () => {
  const { explorer, view } = session().workbench;
  await explorer.openFile('scene.png');
  await expect.poll(() => view.find('[data-testid=stage]').count()).toBe(0);
  await explorer.openFile('scenes.traces.jsonl');
  await view.waitForImage(3);
  expect(await view.byId('trace-index').innerText()).toBe('2 of 3');
});

it('follows the file when that grows, and writes nothing to it', async () => {
  const { workbench, folder } = session();
  const file = join(folder, 'scenes.traces.jsonl');
  expect(readFileSync(file, 'utf8')).toBe(TRACES);
  appendFileSync(file, `${writeTrace(sceneTrace('fourth'))}\n`);
  await expect.poll(() => workbench.view.byId('trace-index').innerText()).toBe('2 of 4');
});

it('is asked about again by the model that is chosen now', async () => {
  const { workbench } = session();
  const { view } = workbench;
  await workbench.run('ViLaSR: Run Again');
  await expect.poll(() => view.find('h1').innerText()).toBe('scene.png');
  await view.waitForEnd();
  expect(await view.byId('question').innerText()).toContain('What is on scene.png?');
});
