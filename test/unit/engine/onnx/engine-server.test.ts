import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCheckpoint } from '../../../../src/engine/onnx/checkpoint';
import { DeviceError } from '../../../../src/engine/onnx/engine-contract';
import { engineHandlers } from '../../../../src/engine/onnx/engine-server';
import { planMemory, workloadOf } from '../../../../src/engine/onnx/memory';
import { freeMemory } from '../../../../src/engine/onnx/memory/free-memory';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const dir = join(import.meta.dirname, '../../../parity/golden/checkpoints/gqa-untied-fp32');

test('a graphics card with which a run outgrows the memory is given up, if it fits without', async () => {
  const { spec } = await openCheckpoint(dir);
  const of = (provider: 'cpu' | 'webgpu', parallel: number) =>
    planMemory(spec, 'fp32', { ...workloadOf(spec), parallel, provider });
  const free = await freeMemory();
  // Between what fits on the processor and what does with the card.
  const each = (of('cpu', 1).conversations + of('webgpu', 1).conversations) / 2;
  const parallel = Math.floor(free / each);
  expect(of('cpu', parallel).total).toBeLessThan(free);
  const params = {
    ...{ dir, parallel, maxPixels: null, maxImages: null },
    weights: 'fp32',
    computing: { provider: 'webgpu', attention: 'fused', why: 'a test' },
    cacheDir: await temporaryFolder(),
  } as const;
  const opening = engineHandlers().open(params, {
    signal: new AbortController().signal,
    emit: () => {},
  });
  await expect(opening).rejects.toThrow(DeviceError);
  await expect(opening).rejects.toThrow(/^with it this run would need about .* GB are free$/);
});
