import { expect, test } from 'vitest';
import type { TextSpec } from '../../../../../src/engine/onnx/model-spec';
import { SharedCache } from '../../../../../src/engine/onnx/runtime/shared-cache';

const spec: TextSpec = {
  hidden: 32,
  layers: 2,
  heads: 2,
  kvHeads: 2,
  headDim: 16,
  intermediate: 8,
  vocab: 10,
  rmsEps: 1e-6,
  ropeTheta: 10000,
  mropeSection: [4, 2, 2],
  tied: true,
  maxPositions: 4096,
};
const values = (cache: SharedCache, name: string) => {
  const tensor = cache.bind(0, 1).feeds[name];
  if (!(tensor?.data instanceof Float32Array)) throw new Error(`${name} is no float tensor`);
  return { data: tensor.data, dims: tensor.dims };
};

test('the presents are the buffers of the pasts, layer by layer', () => {
  const cache = new SharedCache(spec, 1);
  cache.reserve(10, [0]);
  const { feeds, fetches } = cache.bind(0, 1);
  for (const layer of [0, 1]) {
    expect(fetches[`present_key_${layer}`]?.data).toBe(feeds[`past_key_${layer}`]?.data);
    expect(fetches[`present_value_${layer}`]?.data).toBe(feeds[`past_value_${layer}`]?.data);
  }
  expect(feeds.past_key_0?.data).not.toBe(feeds.past_key_1?.data);
});

test('growing keeps the rows of every head that are asked for, and the rotary rows', () => {
  const cache = new SharedCache(spec, 1);
  cache.reserve(10, [0]);
  const before = values(cache, 'past_value_1');
  const capacity = before.dims[2] ?? 0;
  for (let head = 0; head < 2; head++) {
    for (let i = 0; i < 10 * 16; i++) before.data[head * capacity * 16 + i] = head * 1000 + i;
  }
  cache.place(0, 3, [5, 6, 7]);
  const cos = values(cache, 'cos').data.slice(0, 10 * 8);

  cache.reserve(capacity + 1, [10]);
  const after = values(cache, 'past_value_1');
  const grown = after.dims[2] ?? 0;
  expect(grown).toBeGreaterThan(capacity);
  for (let head = 0; head < 2; head++) {
    const rows = after.data.subarray(head * grown * 16, head * grown * 16 + 160);
    expect([...rows]).toEqual(Array.from({ length: 160 }, (_, i) => head * 1000 + i));
  }
  expect(values(cache, 'cos').data.slice(0, 10 * 8)).toEqual(cos);
});

test('a slot has its own rows, which another may take over, and which growing keeps', () => {
  const cache = new SharedCache(spec, 3);
  cache.reserve(10, [0, 0, 0]);
  const key = (slot: number, t: number, head: number) => {
    const [tensor] = [cache.bind(slot, 1).feeds.past_key_1];
    if (!(tensor?.data instanceof Float32Array)) throw new Error('no floats');
    return tensor.data.subarray(
      (head * (tensor.dims[2] ?? 0) + t) * 16,
      (head * (tensor.dims[2] ?? 0) + t + 1) * 16,
    );
  };
  for (let t = 0; t < 6; t++) {
    for (const head of [0, 1]) key(0, t, head).fill(10 * t + head);
    cache.place(0, t, [t, t, t]);
  }
  key(2, 0, 0).fill(99);
  cache.copy(0, 2, 1, 5);
  const rows = () => [0, 1, 4, 5].map((t) => [key(2, t, 0)[3], key(2, t, 1)[15]]);
  const copied = [
    [99, 0],
    [10, 11],
    [40, 41],
    [0, 0],
  ];
  expect(rows()).toEqual(copied);
  const { data } = values(cache, 'sin');
  const sin = (slot: number, t: number) => data[cache.row(slot, t) * 8];
  expect([1, 4, 5].map((t) => sin(2, t))).toEqual([sin(0, 1), sin(0, 4), 0]);
  cache.reserve(1000, [6, 0, 5]);
  expect(rows()).toEqual(copied);
  expect(cache.bind(1, 2).feeds.past_key_0?.dims).toEqual([2, 2, 1024, 16]);
});

test('a rotary row turns each section with its own axis', () => {
  const cache = new SharedCache(spec, 1);
  cache.reserve(1, [0]);
  cache.place(0, 0, [5, 6, 7]);
  const angle = (i: number) => [5, 5, 5, 5, 6, 6, 7, 7][i]! * 10000 ** (-i / 8);
  const { data } = values(cache, 'sin');
  for (let i = 0; i < 8; i++) expect(data[i]).toBeCloseTo(Math.sin(angle(i)), 6);
});

test('a cache that cannot be had is out of memory in words, and empty afterwards', () => {
  const cache = new SharedCache({ ...spec, kvHeads: 2 ** 20, headDim: 2 ** 12 }, 1);
  expect(() => cache.reserve(1000, [0])).toThrow(
    expect.objectContaining({ kind: 'out-of-memory', message: expect.stringContaining('attention cache') }),
  );
  expect(values(cache, 'cos').dims).toEqual([0, 2 ** 11]);
});
