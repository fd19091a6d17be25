import { expect, it } from 'vitest';
import { useSoftwareAdapter } from '../helpers/software-vulkan';
import { copiedTrace } from './harness/copied-trace';
import { useSession } from './harness/session';

const session = useSession({
  files: { 'my-model': { copyOf: 'media/model' } },
  env: async () => ({ VK_ICD_FILENAMES: useSoftwareAdapter() }),
});

it('a model that is imported answers on the graphics card as on the processor, and the user is told which', {
  timeout: 300_000,
}, async () => {
  const { workbench, probe, folder } = session();
  const { view, quickInput } = workbench;
  await workbench.run('ViLaSR: Select Model…');
  await quickInput.waitUntilShown('Select Model');
  await quickInput.choose('Checkpoint folder…');
  await quickInput.typeFolder(`${folder}/my-model`);
  await quickInput.confirm('Use This Checkpoint');
  await quickInput.waitUntilShown('How to Hold the Weights of my-model');
  await quickInput.choose('fp32');
  await expect.poll(() => workbench.modelState.innerText()).toMatch(/my-model · cpu · idle/);
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
