import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WeightFormat } from '../../../src/engine/engine';
import { openCheckpoint } from '../../../src/engine/onnx/checkpoint';
import { importCheckpoint } from '../../../src/engine/onnx/import';
import { BLOCK, blocksIn, quantiseRows } from '../../../src/engine/onnx/import/quantise';
import { toFloat32 } from '../../../src/engine/onnx/import/to-float32';
import type { StoredRange } from '../../../src/engine/onnx/imported-model';

const GOLDEN = join(import.meta.dirname, '..', 'golden');

const sums = v.object({
  float32: v.optional(v.number()),
  codes: v.optional(v.number()),
  scales: v.optional(v.number()),
});
const goldenSchema = v.object({
  matrices: v.array(
    v.object({
      name: v.string(),
      rows: v.number(),
      width: v.number(),
      weights: v.string(),
      codes: v.string(),
      scales: v.string(),
    }),
  ),
  checkpoints: v.record(v.string(), v.record(v.string(), sums)),
});
const golden = v.parse(
  goldenSchema,
  JSON.parse(gunzipSync(await readFile(join(GOLDEN, 'quantise.json.gz'))).toString()),
);

const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

describe('quantiseRows equals PyTorch, to the bit,', () => {
  it.each(golden.matrices)('on weights that are: $name', ({ rows, width, weights, codes, scales }) => {
    const blocks = rows * blocksIn(width);
    const ours = { codes: new Uint8Array(blocks * BLOCK), scales: new Float32Array(blocks) };
    quantiseRows(new Float32Array(bytes(weights).buffer), rows, width, ours.codes, ours.scales);
    expect(ours.codes).toEqual(bytes(codes));
    expect(ours.scales).toEqual(new Float32Array(bytes(scales).buffer));
  });
});

describe('an import holds the very weights that transformers loads', () => {
  let cacheDir = '';
  beforeAll(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), 'vilasr-parity-'));
  });
  afterAll(() => rm(cacheDir, { recursive: true, force: true }));

  it('of every checkpoint that there is', async () => {
    expect(Object.keys(golden.checkpoints).sort()).toEqual(
      (await readdir(join(GOLDEN, 'checkpoints'))).sort(),
    );
  });

  const cases = Object.keys(golden.checkpoints).flatMap((name) => [
    { name, weights: 'fp32' as WeightFormat },
    { name, weights: 'int8' as WeightFormat },
  ]);
  it.each(cases)('from $name as $weights', async ({ name, weights }) => {
    const checkpoint = await openCheckpoint(join(GOLDEN, 'checkpoints', name));
    const model = await importCheckpoint(checkpoint, { weights, cacheDir });
    const read = async ({ file, offset, length }: StoredRange) =>
      new Uint8Array((await readFile(join(model.dir, file))).subarray(offset, offset + length));

    const expected = golden.checkpoints[name] ?? {};
    const found: typeof expected = {};
    for (const [tensor, stored] of model.tensors) {
      if (stored.dtype === 'uint8') {
        const scales = model.tensors.get(stored.scales);
        if (scales === undefined) throw new Error(`${tensor} has no scales`);
        found[tensor] = { codes: crc32(await read(stored)), scales: crc32(await read(scales)) };
      } else if (!tensor.endsWith('.scales')) {
        found[tensor] = { float32: crc32(await read(stored)) };
      }
    }
    const rows = toFloat32(await read(model.embedding), model.embedding.dtype);
    found['model.embed_tokens.weight'] = {
      float32: crc32(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength)),
    };

    for (const [tensor, { float32, codes, scales }] of Object.entries(expected)) {
      const coded = weights === 'int8' && codes !== undefined && scales !== undefined;
      if (coded) expect(found[tensor], tensor).toEqual({ codes, scales });
      else if (float32 !== undefined) expect(found[tensor], tensor).toEqual({ float32 });
    }
    const wanted = Object.entries(expected).filter(
      ([, sum]) => weights === 'int8' || sum.float32 !== undefined,
    );
    expect(Object.keys(found).sort()).toEqual(wanted.map(([tensor]) => tensor).sort());
  });
});
