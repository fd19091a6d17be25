import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useSoftwareAdapter } from '../helpers/software-vulkan';
import { writeWideTower } from '../helpers/wide-tower';
import { copiedTrace } from './harness/copied-trace';
import { engineOf, runUntil, thaw } from './harness/engine-child';
import { useSession } from './harness/session';
import { MAZE } from './harness/workspace';

const outside = mkdtempSync(join(tmpdir(), 'vilasr-e2e-webgpu-'));
afterAll(() => rmSync(outside, { recursive: true, force: true }));
const imports = join(outside, 'cache', 'models');

const session = useSession({
  files: { 'maze.png': MAZE },
  env: async () => ({ VK_ICD_FILENAMES: useSoftwareAdapter(), VILASR_CACHE: join(outside, 'cache') }),
});

/** The bundled model, with a vision tower that takes long enough to import for half of it to be seen. */
const model = join(outside, 'my-model');
beforeAll(() => writeWideTower(join(import.meta.dirname, '../../media/model'), model, 8192));

it('a model that is selected is imported, cancelled half-way, gone on with, and answers on the graphics card as on the processor', {
  timeout: 400_000,
}, async () => {
  const { workbench, probe } = session();
  const { notifications, view } = workbench;
  await selectModel();
  const engine = await engineOf(await probe.pid());
  await runUntil(engine, async () => (await stepsDone()) > 3, 5);
  const importing = notifications.withText(/Importing my-model/);
  await importing.filter({ hasText: /Importing the model, once: \d+ %/ }).waitFor();
  await notifications.press(/Importing my-model/, 'Cancel');
  thaw(engine);
  await importing.waitFor({ state: 'hidden' });
  expect(await workbench.modelState.innerText()).toContain('Bundled model');
  const [partial = ''] = await foldersThere();
  expect(partial).toMatch(/^my-model-fp32-[0-9a-f]+\.partial$/);
  const half = await stat(join(imports, partial, 'text.bin'));

  await selectModel();
  await expect.poll(() => workbench.modelState.innerText()).toMatch(/my-model · cpu · idle/);
  expect(await foldersThere()).toEqual([partial.replace('.partial', '')]);
  // What was there has been gone on with, not begun anew.
  const whole = await stat(join(imports, partial.replace('.partial', ''), 'text.bin'));
  expect([whole.ino, whole.birthtimeMs]).toEqual([half.ino, half.birthtimeMs]);

  await ask();
  await view.waitForEnd();
  const onProcessor = await copiedTrace(session());

  await probe.configure('vilasr.model.provider', 'webgpu');
  await ask();
  // It is tried before it is used, which is said too.
  await expect.poll(() => view.byId('run-state').innerText()).toContain('Trying the graphics card');
  await expect
    .poll(() => workbench.modelState.innerText(), { timeout: 200_000 })
    .toMatch(/my-model · webgpu · running/);
  await expect
    .poll(() => workbench.modelState.innerText(), { timeout: 200_000 })
    .toMatch(/my-model · webgpu · idle/);
  expect(await workbench.modelState.getAttribute('aria-label')).toMatch(
    /On the graphics card \(decomposed attention\): the graphics card computes as the processor does/,
  );
  expect(await view.byId('question').innerText()).toContain('my-model · webgpu · fp32');
  expect(await view.byId('verdict').innerText()).toBe('Right');
  const onCard = await copiedTrace(session());
  expect([onProcessor, onCard].map(({ run }) => run?.provider)).toEqual(['cpu', 'webgpu']);
  expect(onCard.turns.map(({ text }) => text)).toEqual(onProcessor.turns.map(({ text }) => text));
  await view.chooseTurn(1);
  await view.waitForShapes(2);
});

async function ask(): Promise<void> {
  const { workbench } = session();
  await workbench.run('ViLaSR: Ask About a Sample…');
  await workbench.quickInput.waitUntilShown('Ask About a Sample');
  await workbench.quickInput.choose('green triangle');
}

/** Folders of imports, whole or not. */
async function foldersThere(): Promise<string[]> {
  const entries = await readdir(imports, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** How many tensors the import that is going on has finished. */
async function stepsDone(): Promise<number> {
  const [folder = ''] = await foldersThere();
  const journal = await readFile(join(imports, folder, 'journal.jsonl'), 'utf8').catch(() => '');
  return journal.split('\n').length - 1;
}

async function selectModel(): Promise<void> {
  const { workbench } = session();
  const { quickInput } = workbench;
  await workbench.run('ViLaSR: Select Model…');
  await quickInput.waitUntilShown('Select Model');
  await quickInput.choose('Checkpoint folder…');
  await quickInput.typeFolder(model);
  await quickInput.confirm('Use This Checkpoint');
  await quickInput.waitUntilShown('How to Hold the Weights of my-model');
  await quickInput.choose('fp32');
}
