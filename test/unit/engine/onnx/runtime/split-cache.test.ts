import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, expect, test, vi } from 'vitest';
import type { AttentionVariant } from '../../../../../src/engine/engine';
import { openCheckpoint } from '../../../../../src/engine/onnx/checkpoint';
import { importCheckpoint } from '../../../../../src/engine/onnx/import';
import type { Seat } from '../../../../../src/engine/onnx/runtime/conversations';
import { FarRows } from '../../../../../src/engine/onnx/runtime/far-rows';
import { LocalModel } from '../../../../../src/engine/onnx/runtime/local-model';
import { SplitCache } from '../../../../../src/engine/onnx/runtime/split-cache';

const checkpoint = join(import.meta.dirname, '../../../../parity/golden/checkpoints/gqa3-sharded-bf16');
const cacheDir = mkdtempSync(join(tmpdir(), 'vilasr-split-'));
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }));

const open = async (attention: AttentionVariant, parallel = 1) => {
  const model = await importCheckpoint(await openCheckpoint(checkpoint), { weights: 'fp32', cacheDir });
  return LocalModel.open(model, { computing: { provider: 'cpu', attention, why: 'a test' }, parallel });
};

const never = new AbortController().signal;

const farthest = (found: Float32Array, expected: Float32Array): number =>
  Math.max(...found.map((value, k) => Math.abs(value - (expected[k] ?? Number.NaN))));

/** All logits of a conversation that goes on token by token, over the ends of blocks, and goes back twice. */
async function logits(model: LocalModel): Promise<Float32Array[]> {
  const { ids, images } = model.encode([
    { role: 'user', parts: [{ type: 'text', text: 'Left, then right. '.repeat(20) }] },
  ]);
  const { length } = ids;
  const all: Float32Array[] = [];
  const read = async (...more: number[]) => {
    const prompt = { ids: [...ids, ...more], images };
    all.push((await model.logits(prompt, never)).slice());
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
      expect(farthest(values, expected[i] ?? new Float32Array())).toBeLessThan(1e-4);
    }
    await whole.close();
    await split.close();
  },
);

/** A conversation that has a seat, and all tokens that it holds. */
interface Speaker {
  readonly seat: Seat;
  readonly ids: number[];
}

async function sit(model: LocalModel, ids: readonly number[]): Promise<Speaker> {
  const seat = await model.take({ ids: [...ids], images: [] }, never);
  for await (const _ of seat.prefill());
  return { seat, ids: [...ids] };
}

test('decomposed attention runs a token of several conversations at once: each as if it were alone', async () => {
  const [split, whole] = [await open('decomposed', 5), await open('shared-cache')];
  const [runs, alone] = [
    vi.spyOn(SplitCache.prototype, 'run'),
    (ids: number[]) => whole.logits({ ids, images: [] }, never),
  ];
  const text = 'Left, then right, and on. '.repeat(12);
  const { ids } = split.encode([{ role: 'user', parts: [{ type: 'text', text }] }]);
  // Some begin alike, one far on, one not at all; all are longer than a block.
  const prompts = [
    ids,
    ids,
    ids.slice(0, 90),
    [...ids.slice(0, 70), ...ids.slice(0, 30).reverse()],
    ids.toReversed(),
  ];
  let speakers = await Promise.all(prompts.map((prompt) => sit(split, prompt)));
  for (let round = 0; round < 3; round++) {
    runs.mockClear();
    let last: Float32Array[] = [];
    for (let k = 0; k < 40; k++) {
      last = await Promise.all(
        speakers.map(({ seat, ids: held }, i) => {
          const token = ids[(11 * round + 7 * i + k) % ids.length] ?? 0;
          held.push(token);
          return seat.advance(token);
        }),
      );
      last = last.map((logits) => logits.slice());
    }
    expect(runs.mock.calls.map(([, , slots]) => slots.length)).toEqual(Array(40).fill(5));
    for (const [i, { ids: held }] of speakers.entries()) {
      expect(farthest(last[i] ?? new Float32Array(), await alone(held))).toBeLessThan(1e-4);
    }
    // The next round: each goes back, one to its beginning, and one goes on as another one has.
    for (const { seat } of speakers) seat.leave();
    const goes = speakers.map(({ ids: held }, i) => (i === 0 ? held.slice(0, 1) : held.slice(0, -10 * i)));
    goes[4] = speakers[1]?.ids ?? [];
    speakers = await Promise.all(goes.map((prompt) => sit(split, prompt)));
  }
  runs.mockRestore();
  await split.close();
  await whole.close();
});

test('a device that takes no more rows ends the runs with words; the next ones bring the rows there anew', async () => {
  const [split, whole] = [await open('decomposed', 2), await open('shared-cache')];
  const text = 'Left, then right, and on. '.repeat(12);
  const { ids } = split.encode([{ role: 'user', parts: [{ type: 'text', text }] }]);
  await split.logits({ ids, images: [] }, never);
  // A device cannot be made to fail at one moment.
  const append = vi.spyOn(FarRows.prototype, 'append').mockImplementation(async function (this: FarRows) {
    this.drop();
    throw new Error('The device is full.');
  });
  const longer = [...ids, ...ids];
  await expect(split.logits({ ids: longer, images: [] }, never)).rejects.toThrow('The device is full.');
  append.mockRestore();
  const found = await split.logits({ ids: longer, images: [] }, never);
  expect(farthest(found, await whole.logits({ ids: longer, images: [] }, never))).toBeLessThan(1e-4);
  await split.close();
  await whole.close();
});

test('fused attention, which hides nothing from anybody, serves no two conversations', async () => {
  await expect(open('fused', 2)).rejects.toThrow('fused attention serves one slot');
});

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
