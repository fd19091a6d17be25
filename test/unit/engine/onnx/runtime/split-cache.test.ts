import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, expect, test, vi } from 'vitest';
import type { AttentionVariant } from '../../../../../src/engine/engine';
import { openCheckpoint } from '../../../../../src/engine/onnx/checkpoint';
import { importCheckpoint } from '../../../../../src/engine/onnx/import';
import { LocalModel } from '../../../../../src/engine/onnx/runtime/local-model';

const checkpoint = join(import.meta.dirname, '../../../../parity/golden/checkpoints/gqa3-sharded-bf16');
const cacheDir = mkdtempSync(join(tmpdir(), 'vilasr-split-'));
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }));

const open = async (attention: AttentionVariant) => {
  const model = await importCheckpoint(await openCheckpoint(checkpoint), { weights: 'fp32', cacheDir });
  return LocalModel.open(model, { computing: { provider: 'cpu', attention, why: 'a test' } });
};

/** All logits of a conversation that goes on token by token, over the ends of blocks, and goes back twice. */
async function logits(model: LocalModel): Promise<Float32Array[]> {
  const { ids, images } = model.encode([
    { role: 'user', parts: [{ type: 'text', text: 'Left, then right. '.repeat(20) }] },
  ]);
  const { length } = ids;
  const all: Float32Array[] = [];
  const read = async (...more: number[]) => {
    const prompt = { ids: [...ids, ...more], images };
    all.push((await model.logits(prompt, new AbortController().signal)).slice());
  };
  for (let said = 0; said < 140; said += 7) {
    await read(...Array.from({ length: said }, (_, i) => ids[(3 * i) % length] ?? 0));
  }
  await read(5, 6, 7);
  ids.length = 30;
  await read(8);
  return all;
}

// A provider that leaves nothing on the device is given the whole cache from the host, which the processor can be too.
test.each(['fused', 'decomposed'] as const)(
  'a cache that stays on the host gives the %s attention what it has',
  async (attention) => {
    const [whole, split] = [await open('shared-cache'), await open(attention)];
    const [expected, found] = [await logits(whole), await logits(split)];
    for (const [i, values] of found.entries()) {
      const off = Math.max(...values.map((value, k) => Math.abs(value - (expected[i]?.[k] ?? Number.NaN))));
      expect(off).toBeLessThan(1e-4);
    }
    await whole.close();
    await split.close();
  },
);

test.each([2, 3])(
  'of its sessions those before number %i are closed if that cannot be opened',
  async (failing) => {
    const { create } = ort.InferenceSession;
    const released: number[] = [];
    let count = 0;
    // Nothing else makes one of several fail.
    const opening = vi.spyOn(ort.InferenceSession, 'create').mockImplementation(async (graph, options) => {
      const number = ++count;
      if (number === failing) throw new Error('no memory for a session');
      if (!(graph instanceof Uint8Array)) throw new Error('graphs are bytes');
      const session = await create.call(ort.InferenceSession, graph, options);
      const release = session.release.bind(session);
      session.release = async () => {
        released.push(number);
        await release();
      };
      return session;
    });
    await expect(open('decomposed')).rejects.toThrow('no memory for a session');
    opening.mockRestore();
    expect(released.sort()).toEqual(Array.from({ length: failing - 1 }, (_, i) => i + 1));
  },
);
