import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCheckpoint } from '../../../../../src/engine/onnx/checkpoint';
import { importCheckpoint } from '../../../../../src/engine/onnx/import';
import { VisionModel } from '../../../../../src/engine/onnx/runtime/vision-model';
import type { RgbImage } from '../../../../../src/trace/geometry';

const checkpoint = join(import.meta.dirname, '../../../../parity/golden/checkpoints/gqa-untied-fp32');
const image: RgbImage = { width: 56, height: 84, data: new Uint8Array(56 * 84 * 3).map((_, i) => i * 7) };

test('a tower that was given back encodes the next image as before, also while another one is encoded', async () => {
  const cacheDir = await mkdtemp(join(tmpdir(), 'vilasr-vision-'));
  const model = await importCheckpoint(await openCheckpoint(checkpoint), { weights: 'int8', cacheDir });
  const vision = new VisionModel(model, 'cpu', 'shared-cache', 0);
  const first = await vision.encode(image);
  await vision.rest();
  expect(await vision.encode(image)).toEqual(first);
  const under = vision.encode(image);
  await vision.rest();
  expect(await under).toEqual(first);
  await vision.close();
  await rm(cacheDir, { recursive: true });
});
