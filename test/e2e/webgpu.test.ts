import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useSoftwareAdapter } from '../helpers/software-vulkan';
import { writeWideTower } from '../helpers/wide-tower';
import { copiedTrace } from './harness/copied-trace';
import { engineOf, engines, runUntil, thaw } from './harness/engine-child';
import { bytesWritten } from './harness/processes';
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
  const { notifications, quickInput, view } = workbench;
  const host = await probe.pid();
  // As fp32 a weight takes twice the bytes that it has in the checkpoint.
  const whole = 2 * (await stat(join(model, 'model.safetensors'))).size;

  await selectModel();
  const cancelled = await engineOf(host);
  await runUntil(cancelled, async () => (await bytesThere()) > whole / 3, 5);
  const importing = notifications.withText(/Importing my-model/);
  await importing.filter({ hasText: /Importing the model, once: \d+ %/ }).waitFor();
  await notifications.press(/Importing my-model/, 'Cancel');
  thaw(cancelled);
  await importing.waitFor({ state: 'hidden' });
  expect(await workbench.modelState.innerText()).toContain('Bundled model');
  const [partial = ''] = await foldersThere();
  expect(partial).toMatch(/^my-model-fp32-[0-9a-f]+\.partial$/);
  const half = await bytesThere();
  expect(half).toBeGreaterThan(whole / 3);
  expect(half).toBeLessThan(0.9 * whole);

  await expect.poll(() => engines(host)).toEqual([]);
  await workbench.run('ViLaSR: Remove Imported Model…');
  await quickInput.waitUntilShown('Remove Imported Models');
  expect(await quickInput.labels()).toEqual(['my-model · fp32']);
  expect(await quickInput.descriptions()).toEqual([expect.stringContaining('not finished')]);
  await quickInput.cancel();

  await selectModel();
  const resumed = await engineOf(host);
  await expect.poll(() => workbench.modelState.innerText()).toMatch(/my-model · cpu · idle/);
  expect(await foldersThere()).toEqual([partial.replace('.partial', '')]);
  // What was there was gone on with, not begun anew: only the rest was written, and the tensor in which it stopped.
  expect(await bytesThere()).toBeGreaterThan(0.95 * whole);
  expect(bytesWritten(resumed)).toBeLessThan(whole - 0.8 * half);

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

/** Size of the weights that are imported so far. */
async function bytesThere(): Promise<number> {
  const [folder = ''] = await foldersThere();
  const files = (await readdir(join(imports, folder)).catch(() => [])).filter((name) =>
    name.endsWith('.bin'),
  );
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(imports, folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
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
