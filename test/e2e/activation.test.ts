import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { mappedFiles } from './harness/processes';
import { report } from './harness/report';
import { useSession } from './harness/session';
import { MAZE } from './harness/workspace';

const session = useSession({ files: { 'maze.png': MAZE } });

const EXTENSION = 'vilasr.vilasr';

it('is installed and not started before it is needed', async () => {
  expect(await session().probe.isActive(EXTENSION)).toBe(false);
});

it('offers to ask about an image in the explorer', async () => {
  const menu = await session().workbench.explorer.rightClick('maze.png');
  expect(await menu.labels()).toContain('Ask About Image…');
  await menu.cancel();
});

it('offers to ask above an image that is open, and in the palette', async () => {
  const { workbench, page } = session();
  await workbench.explorer.openFile('maze.png');
  await page.locator('.editor-actions [aria-label="Ask About Image…"]').waitFor();
  expect(await workbench.commandsFor('ViLaSR: Ask')).toEqual(
    expect.arrayContaining(['ViLaSR: Ask About Image…', 'ViLaSR: Ask About a Sample…']),
  );
});

it('starts without loading anything native, and registers every command that it says it has', async () => {
  const { probe, workbench } = session();
  await workbench.closeEditor();
  // An answer of the window, which is asked on the way, waits for what it still has to do.
  await sleep(3000);
  report('Activation, asked for and answered', await probe.activate(EXTENSION));
  report('Activation, as VS Code measures it', await workbench.activationTime('ViLaSR'));
  expect(mappedFiles(await probe.pid()).filter((path) => /onnxruntime|sharp|libvips/.test(path))).toEqual([]);
  const { contributes } = await probe.manifest(EXTENSION);
  const registered = await probe.commands();
  expect(registered).toEqual(expect.arrayContaining(contributes.commands.map(({ command }) => command)));
});
