import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openCheckpoint } from '../../../../../src/engine/onnx/checkpoint';
import { importCheckpoint } from '../../../../../src/engine/onnx/import';
import { VisionModel } from '../../../../../src/engine/onnx/runtime/vision-model';
import type { RgbImage } from '../../../../../src/trace/geometry';

const checkpoint = join(import.meta.dirname, '../../../../parity/golden/checkpoints/gqa-untied-fp32');
const image: RgbImage = { width: 56, height: 84, data: new Uint8Array(56 * 84 * 3).map((_, i) => i * 7) };

const cacheDir = mkdtempSync(join(tmpdir(), 'vilasr-vision-'));
afterAll(() => rmSync(cacheDir, { recursive: true }));
const imported = async () =>
  importCheckpoint(await openCheckpoint(checkpoint), { weights: 'int8', cacheDir });

test('a tower that was given back encodes the next image as before, also while another one is encoded', async () => {
  const model = await imported();
  const vision = new VisionModel(model, 'cpu', 'shared-cache', 0);
  const first = await vision.encode(image);
  await vision.rest();
  expect(await vision.encode(image)).toEqual(first);
  const under = vision.encode(image);
  await vision.rest();
  expect(await under).toEqual(first);
  await vision.close();
});

test.each(['fused', 'decomposed'] as const)(
  '%s attention, and MLPs, in pieces are those of the whole image, whatever size came before',
  async (attention) => {
    const model = await imported();
    const whole = new VisionModel(model, 'cpu', 'shared-cache');
    // Fewer bytes than the scores of a row of the largest: in as many pieces as there are rows, or windows; those of the MLP
    // are of a few rows.
    const pieces = new VisionModel(model, 'cpu', attention, 0, 1024);
    for (const [width, height] of [
      [28, 28],
      [252, 168],
      [28, 28],
      [56, 84],
      [140, 140],
    ] as const) {
      const data = new Uint8Array(width * height * 3).map((_, i) => (i * 7 * width) % 251);
      const expected = await whole.encode({ width, height, data });
      const found = await pieces.encode({ width, height, data });
      const off = Math.max(...found.map((value, i) => Math.abs(value - (expected[i] ?? Number.NaN))));
      expect(off).toBeLessThan(1e-4);
    }
    await whole.close();
    await pieces.close();
  },
);
