import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../../src/engine/onnx/checkpoint';
import { importCheckpoint, isImported } from '../../../../src/engine/onnx/import';
import type { ImportedModel, StoredRange } from '../../../../src/engine/onnx/imported-model';
import { tinyFolder, writeFolder } from '../../../helpers/checkpoint-folder';
import { engineError } from '../../../helpers/engine-error';
import { progressRecorder, tinyCheckpoint } from '../../../helpers/imports';

async function bytesOf(model: ImportedModel, { file, offset, length }: StoredRange): Promise<Buffer> {
  return (await readFile(join(model.dir, file))).subarray(offset, offset + length);
}

const floats = (bytes: Buffer) => new Float32Array(new Uint8Array(bytes).buffer);

describe('importCheckpoint', () => {
  it('stores fp32 weights as they are, each at a page of its own', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint();
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    expect([...model.tensors.keys()].sort()).toEqual(
      checkpoint.tensors
        .map(({ name }) => name)
        .filter((name) => name !== 'model.embed_tokens.weight')
        .sort(),
    );
    for (const { name, source } of checkpoint.tensors) {
      const stored = model.tensors.get(name) ?? model.embedding;
      expect(stored.offset % 4096).toBe(0);
      const file = await readFile(source.file);
      const expected = file.subarray(source.offset, source.offset + source.length);
      expect((await bytesOf(model, stored)).equals(expected), name).toBe(true);
    }
    expect(model.tensors.get('visual.patch_embed.proj.weight')?.shape).toEqual([8, 1176]);
    expect(model.embedding).toMatchObject({ file: 'embedding.bin', rows: 20, width: 32, dtype: 'float32' });
  });

  it('keeps embedding rows in the format of the checkpoint, beside float32 layers', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint({ dtype: 'BF16' });
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    expect(model.embedding).toMatchObject({ dtype: 'bfloat16', length: 20 * 32 * 2 });
    expect(model.tensors.get('model.norm.weight')).toMatchObject({ dtype: 'float32', length: 32 * 4 });
  });

  it('quantises the linear layers of the text model and the head alone', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint();
    const model = await importCheckpoint(checkpoint, { weights: 'int8', cacheDir });
    const coded = [...model.tensors].filter(([, { dtype }]) => dtype === 'uint8').map(([name]) => name);
    const linear = checkpoint.tensors.filter(({ role }) => role === 'linear' || role === 'head');
    expect(coded).toEqual(linear.map(({ name }) => name));

    const down = model.tensors.get('model.layers.0.mlp.down_proj.weight');
    if (down?.dtype !== 'uint8') throw new Error('not quantised');
    expect(down).toMatchObject({ shape: [32, 2, 32], blockSize: 32, inputs: 40 });
    const scales = model.tensors.get(down.scales);
    if (scales === undefined) throw new Error('no scales');
    expect(scales).toMatchObject({ dtype: 'float32', shape: [32, 2] });
    const source = checkpoint.tensors.find(
      ({ name }) => name === 'model.layers.0.mlp.down_proj.weight',
    )?.source;
    const file = await readFile(source?.file ?? '');
    const weights = floats(file.subarray(source?.offset, (source?.offset ?? 0) + (source?.length ?? 0)));
    const codes = await bytesOf(model, down);
    const scale = floats(await bytesOf(model, scales));
    for (let i = 0; i < weights.length; i++) {
      const block = Math.floor(i / 40) * 2 + Math.floor((i % 40) / 32);
      const back = ((codes[block * 32 + ((i % 40) % 32)] ?? 0) - 128) * (scale[block] ?? 0);
      expect(Math.abs(back - (weights[i] ?? 0))).toBeLessThanOrEqual((scale[block] ?? 0) / 2 + 1e-7);
    }
  });

  it('holds the inner layers alone in 4 bits, and the head and the outer ones in 8', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint({ config: { num_hidden_layers: 4 } });
    const model = await importCheckpoint(checkpoint, { weights: 'int4', cacheDir });
    const bits = (name: string) => {
      const stored = model.tensors.get(`${name}.weight`);
      return stored?.dtype === 'uint8' ? [stored.bits, stored.shape.at(-1)] : null;
    };
    const layers = [0, 1, 2, 3].map((i) => bits(`model.layers.${i}.mlp.down_proj`));
    expect(layers).toEqual([
      [8, 32],
      [4, 16],
      [4, 16],
      [8, 32],
    ]);
    expect(bits('lm_head')).toEqual([8, 32]);
    expect(bits('visual.merger.mlp.0')).toBeNull();
  });

  it.each(['fp32', 'fp16'] as const)(
    'shares a tied table in %s between embedding and head',
    async (weights) => {
      const { cacheDir, checkpoint } = await tinyCheckpoint({
        config: { tie_word_embeddings: true },
        dtype: 'BF16',
      });
      const { tensors, embedding } = await importCheckpoint(checkpoint, { weights, cacheDir });
      const table = tensors.get('model.embed_tokens.weight');
      const dtype = weights === 'fp32' ? 'float32' : 'float16';
      expect(table).toMatchObject({ dtype, shape: [20, 32] });
      expect(embedding).toMatchObject({ dtype, file: table?.file, offset: table?.offset });
      expect(tensors.has('lm_head.weight')).toBe(false);
    },
  );

  it('refuses as fp16 what is too large for it, and says what takes it', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint({ scale: 1e6 });
    const error = await engineError(importCheckpoint(checkpoint, { weights: 'fp16', cacheDir }));
    expect(error.kind).toBe('bad-model');
    expect(error.message).toMatch(
      /numbers too large for fp16 \(use int8 or fp32\) in tensor model\.layers\.0/,
    );
    await importCheckpoint(checkpoint, { weights: 'int8', cacheDir });
  });

  it('gives a tied int8 head its codes and leaves the embedding rows exact', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint({
      config: { tie_word_embeddings: true },
      dtype: 'BF16',
    });
    const model = await importCheckpoint(checkpoint, { weights: 'int8', cacheDir });
    expect(model.tensors.get('lm_head.weight')).toMatchObject({ dtype: 'uint8', shape: [20, 1, 32] });
    expect(model.embedding).toMatchObject({ file: 'embedding.bin', dtype: 'bfloat16' });
  });

  it('gives the same hash to the same model in other shards and formats of import, and another to another model', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint();
    const other = await tinyCheckpoint({ seed: 2 });
    const shards = join(cacheDir, '..', 'sharded');
    const content = tinyFolder();
    const all = content.weights['model.safetensors'] ?? [];
    await writeFolder(shards, {
      ...content,
      weights: { 'a.safetensors': all.slice(5), 'b.safetensors': all.slice(0, 5) },
    });
    const hash = async (from: Parameters<typeof importCheckpoint>[0], weights: 'fp32' | 'int8') =>
      (await importCheckpoint(from, { weights, cacheDir })).hash;
    const expected = await hash(checkpoint, 'fp32');
    expect(expected).toMatch(/^[0-9a-f]{64}$/);
    expect(await hash(checkpoint, 'int8')).toBe(expected);
    expect(await hash(await openCheckpoint(shards), 'fp32')).toBe(expected);
    expect(await hash(other.checkpoint, 'fp32')).not.toBe(expected);
  });

  it.each([
    ['tokenizer', { 'tokenizer.json': { ...tinyFolder().json['tokenizer.json'], version: '1.1' } }],
    ['chat template', { 'tokenizer_config.json': { chat_template: '{{ messages[0] }}' } }],
    ['no chat template', { 'tokenizer_config.json': {} }],
  ])('gives another hash to the same weights with another %s, which takes no new import', async (_, json) => {
    const { dir, cacheDir, checkpoint } = await tinyCheckpoint();
    const before = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    const content = tinyFolder();
    await writeFolder(dir, { json: { ...content.json, ...json }, weights: {} });
    const { seen, onProgress } = progressRecorder();
    const options = { weights: 'fp32', cacheDir, onProgress } as const;
    const after = await importCheckpoint(await openCheckpoint(dir), options);
    expect(after.dir).toBe(before.dir);
    expect(seen).toEqual([]);
    expect(after.hash).not.toBe(before.hash);
    await writeFolder(dir, { json: content.json, weights: {} });
    expect((await importCheckpoint(await openCheckpoint(dir), options)).hash).toBe(before.hash);
  });

  it('finds a finished import without converting anything', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint();
    expect(await isImported(checkpoint, 'int8', cacheDir)).toBe(false);
    const first = await importCheckpoint(checkpoint, { weights: 'int8', cacheDir });
    const { seen, onProgress } = progressRecorder();
    expect(await importCheckpoint(checkpoint, { weights: 'int8', cacheDir, onProgress })).toEqual(first);
    expect(seen).toEqual([]);
    expect(await isImported(checkpoint, 'int8', cacheDir)).toBe(true);
    expect(await isImported(checkpoint, 'fp32', cacheDir)).toBe(false);
  });

  it('reports bytes of the checkpoint, rising to the total', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint();
    const { seen, onProgress } = progressRecorder();
    await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir, onProgress });
    const done = seen.map((progress) => (progress.phase === 'converting' ? progress.done : Number.NaN));
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(seen.at(-1)).toEqual({
      phase: 'converting',
      done: checkpoint.parameters * 4,
      total: checkpoint.parameters * 4,
    });
  });

  it('leaves nothing beside the import, and never touches the checkpoint', async () => {
    const { dir, cacheDir, checkpoint } = await tinyCheckpoint();
    const before = await contentsAndTimes(dir);
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    expect((await readdir(cacheDir)).map((name) => join(cacheDir, name))).toEqual([model.dir]);
    expect(await contentsAndTimes(dir)).toEqual(before);
  });

  it('removes the import of the state of a folder that a newer one replaces', async () => {
    const { dir, cacheDir, checkpoint } = await tinyCheckpoint();
    const old = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    const int8 = await importCheckpoint(checkpoint, { weights: 'int8', cacheDir });
    await writeFolder(dir, tinyFolder({ seed: 3 }));
    const now = await importCheckpoint(await openCheckpoint(dir), { weights: 'fp32', cacheDir });
    expect(now.dir).not.toBe(old.dir);
    expect((await readdir(cacheDir)).map((name) => join(cacheDir, name)).sort()).toEqual(
      [int8.dir, now.dir].sort(),
    );
  });
});

async function contentsAndTimes(dir: string) {
  const names = (await readdir(dir)).sort();
  return Promise.all(names.map(async (name) => [name, (await stat(join(dir, name))).mtimeMs]));
}
