import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WEIGHT_FORMATS } from '../../../src/engine/engine';
import { openCheckpoint } from '../../../src/engine/onnx/checkpoint';
import { importCheckpoint } from '../../../src/engine/onnx/import';
import { toFloat32 } from '../../../src/engine/onnx/import/to-float32';
import type { StoredRange } from '../../../src/engine/onnx/imported-model';
import { converted } from '../../helpers/convert';

const GOLDEN = join(import.meta.dirname, '..', 'golden');

const sums = v.union([
  v.object({ float32: v.number() }),
  v.object({ float16: v.number() }),
  v.object({ codes: v.number(), scales: v.number() }),
]);
const bySums = v.record(v.string(), sums);
const goldenSchema = v.object({
  matrices: v.array(
    v.object({
      name: v.string(),
      bits: v.picklist([8, 4]),
      rows: v.number(),
      width: v.number(),
      weights: v.string(),
      codes: v.string(),
      scales: v.string(),
    }),
  ),
  checkpoints: v.record(v.string(), v.object({ fp32: bySums, fp16: bySums, int8: bySums, int4: bySums })),
});
const golden = v.parse(
  goldenSchema,
  JSON.parse(gunzipSync(await readFile(join(GOLDEN, 'quantise.json.gz'))).toString()),
);

const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

describe('the kernel equals PyTorch, to the bit,', () => {
  it.each(golden.matrices)(
    'in $bits bits, on weights that are: $name',
    ({ bits, rows, width, weights, codes, scales }) => {
      const ours = converted(bytes(weights), { rows, width, format: 'float32' }, { kind: 'codes', bits });
      expect(ours).toEqual([bytes(codes), bytes(scales)]);
    },
  );
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

  const cases = Object.entries(golden.checkpoints).flatMap(([name, formats]) =>
    WEIGHT_FORMATS.map((weights) => ({ name, weights, expected: formats[weights] })),
  );
  it.each(cases)('from $name as $weights', async ({ name, weights, expected }) => {
    const checkpoint = await openCheckpoint(join(GOLDEN, 'checkpoints', name));
    const model = await importCheckpoint(checkpoint, { weights, cacheDir });
    const read = async ({ file, offset, length }: StoredRange) =>
      new Uint8Array((await readFile(join(model.dir, file))).subarray(offset, offset + length));

    const found: typeof expected = {};
    for (const [tensor, stored] of model.tensors) {
      if (tensor.endsWith('.scales')) continue;
      const sum = crc32(await read(stored));
      if (stored.dtype === 'uint8') {
        const scales = model.tensors.get(stored.scales);
        if (scales === undefined) throw new Error(`${tensor} has no scales`);
        found[tensor] = { codes: sum, scales: crc32(await read(scales)) };
      } else found[tensor] = stored.dtype === 'float32' ? { float32: sum } : { float16: sum };
    }
    // Rows that the head does not read are as they are in the checkpoint; the reference's sum is that of float32.
    if (!model.tensors.has('model.embed_tokens.weight')) {
      const rows = toFloat32(await read(model.embedding), model.embedding.dtype);
      const sum = crc32(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
      found['model.embed_tokens.weight'] = { float32: sum };
    }
    expect(found).toEqual(expected);
  });
});
