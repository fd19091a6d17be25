import { mkdtempSync, rmSync } from 'node:fs';
import { cp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeHugeFolder } from '../helpers/checkpoint-folder';
import { type LocalHub, localHub } from '../helpers/hub-server';
import { engineOf, runUntil, thaw } from './harness/engine-child';
import { useSession } from './harness/session';
import { MAZE } from './harness/workspace';

const outside = mkdtempSync(join(tmpdir(), 'vilasr-e2e-import-'));
afterAll(() => rmSync(outside, { recursive: true, force: true }));
const imports = join(outside, 'cache', 'models');
let hub: LocalHub;

const session = useSession({
  files: { 'maze.png': MAZE },
  env: async () => {
    hub = await localHub(join(import.meta.dirname, '../../media/model'), {
      repo: 'some-org/Small-Model',
      forever: true,
    });
    return { HF_ENDPOINT: hub.url, HF_HOME: join(outside, 'hf'), VILASR_CACHE: join(outside, 'cache') };
  },
});

/** Half a billion numbers, all of them zero: to read them takes no disk, and to convert them seconds. */
const slow = join(outside, 'slow-model');
const small = join(import.meta.dirname, '../parity/golden/checkpoints/mqa-tied-bf16');
beforeAll(async () => {
  await cp(small, slow, { recursive: true });
  const { vision_config, ...config } = JSON.parse(await readFile(join(small, 'config.json'), 'utf8'));
  await writeHugeFolder(slow, {
    ...{ ...config, hidden_size: 1024, num_attention_heads: 16, num_key_value_heads: 4 },
    ...{ intermediate_size: 8192, num_hidden_layers: 18, tie_word_embeddings: false },
    rope_scaling: { type: 'mrope', mrope_section: [8, 12, 12] },
    vision_config: { ...vision_config, out_hidden_size: 1024 },
  });
});

it('an import is cancelled half-way, goes on where it was, and is taken off the disk', async () => {
  const { workbench, probe } = session();
  const { notifications, quickInput } = workbench;
  await chooseFolder('int8');
  const importing = notifications.withText(/Importing slow-model \(2\.\d GB\)/);
  const engine = await engineOf(await probe.pid());
  const isImporting = importing.filter({ hasText: /Importing the model, once: \d+ %/ });
  await runUntil(engine, async () => (await isImporting.count()) > 0);
  await notifications.press(/Importing slow-model/, 'Cancel');
  thaw(engine);
  await importing.waitFor({ state: 'hidden' });
  expect(await importsThere()).toEqual([expect.stringMatching(/^slow-model-int8-.*\.partial$/)]);
  expect(await workbench.modelState.innerText()).toContain('Bundled model');

  await chooseFolder('int8');
  await notifications.withText(/Checking what was imported before: \d+ %/).waitFor();
  await expect
    .poll(() => workbench.modelState.innerText(), { timeout: 90_000 })
    .toMatch(/slow-model · cpu · idle/);
  expect(await importsThere()).toEqual([expect.stringMatching(/^slow-model-int8-[0-9a-f]+$/)]);

  await workbench.run('ViLaSR: Remove Imported Model…');
  await quickInput.waitUntilShown('Remove Imported Models');
  await quickInput.choose(/slow-model · int8/);
  await quickInput.confirm('OK');
  await notifications.withText(/GB are free again/).waitFor();
  expect(await importsThere()).toEqual([]);
});

it('a model is downloaded by name, imported, and selected', async () => {
  const { workbench } = session();
  const { notifications, quickInput } = workbench;
  await workbench.run('ViLaSR: Download Model…');
  await quickInput.waitForMessage('Name of the model on the Hugging Face Hub');
  await quickInput.type('Small-Model');
  await quickInput.waitForMessage('Give a name of the form ORG/NAME.');
  await quickInput.type('some-org/Small-Model');
  await quickInput.accept();
  await quickInput.waitUntilShown('How to Hold the Weights of Small-Model');
  await quickInput.choose('int8');
  await expect.poll(() => workbench.modelState.innerText()).toMatch(/Small-Model · cpu · idle/);
  expect(hub.asked()).toContain('model.safetensors');

  await workbench.run('ViLaSR: Download Model…');
  await quickInput.waitForMessage('Name of the model on the Hugging Face Hub');
  await quickInput.type('some-org/Unknown');
  await quickInput.accept();
  await notifications.withText('There is no model some-org/Unknown').waitFor();
  expect(await workbench.modelState.innerText()).toContain('Small-Model');
});

/** What an engine that was stopped at once has left of its lock is nobody's. */
async function importsThere(): Promise<string[]> {
  // But for what says that they are being made, or run.
  return (await readdir(imports)).filter((name) => !/\.lock$|\.run-/.test(name));
}

async function chooseFolder(format: string): Promise<void> {
  const { quickInput } = session().workbench;
  await session().workbench.run('ViLaSR: Select Model…');
  await quickInput.waitUntilShown('Select Model');
  await quickInput.choose('Checkpoint folder…');
  await quickInput.typeFolder(slow);
  await quickInput.confirm('Use This Checkpoint');
  await quickInput.waitUntilShown('How to Hold the Weights of slow-model');
  await quickInput.choose(new RegExp(`^${format}`));
}
