import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listImports, removeImport } from '../../../src/engine/onnx/import/list-imports';
import { openOnnxEngine } from '../../../src/engine/onnx/onnx-engine';
import { engineError } from '../../helpers/engine-error';
import { buildEngine, checkpoints, engineProcesses, outcome } from '../../helpers/engine-process';

let built: Awaited<ReturnType<typeof buildEngine>>;
beforeAll(async () => {
  built = await buildEngine();
});
afterAll(() => built.remove());

it('an import cannot be removed while its model runs, so that the model sees its first image at any time', async () => {
  const cacheDir = join(built.dir, 'models');
  const engine = await openOnnxEngine({
    ...{ dir: join(checkpoints, 'mqa-tied-bf16'), weights: 'int8', provider: 'cpu' },
    ...{ cacheDir, entry: built.entry },
  });
  const [one] = await listImports(cacheDir);
  if (one === undefined) throw new Error('nothing is imported');
  const { message } = await engineError(removeImport(one));
  expect(message).toContain(`runs in process ${engineProcesses()[0]}`);
  const image = { width: 84, height: 56, data: new Uint8Array(84 * 56 * 3) };
  const { error, events } = await outcome(engine, {
    messages: [{ role: 'user', parts: [{ type: 'image', image }] }],
    sampling: { temperature: 0, topP: 1, seed: 0 },
    maxTokens: 4,
  });
  expect(error).toBeNull();
  expect(events.at(-1)?.type).toBe('end');
  await engine.close();
  await removeImport(one);
  expect(await readdir(cacheDir)).toEqual([]);
});
