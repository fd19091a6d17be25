import {
  appendFile,
  cp,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../../src/engine/engine';
import { openCheckpoint } from '../../../../src/engine/onnx/checkpoint';
import { type ImportProgress, importCheckpoint, isImported } from '../../../../src/engine/onnx/import';
import type { ImportedModel, StoredRange } from '../../../../src/engine/onnx/imported-model';
import {
  TINY_CONFIG,
  type TinyOptions,
  tinyFolder,
  writeFolder,
  writeHugeFolder,
} from '../../../helpers/checkpoint-folder';
import { temporaryFolder } from '../../../helpers/temporary-folder';

/** A folder with a checkpoint and one for imports. */
async function prepare(options: TinyOptions = {}) {
  const root = await temporaryFolder();
  const dir = join(root, 'tiny');
  await writeFolder(dir, tinyFolder(options));
  return { dir, cacheDir: join(root, 'cache'), checkpoint: await openCheckpoint(dir) };
}

async function bytesOf(model: ImportedModel, { file, offset, length }: StoredRange): Promise<Buffer> {
  return (await readFile(join(model.dir, file))).subarray(offset, offset + length);
}

const floats = (bytes: Buffer) => new Float32Array(new Uint8Array(bytes).buffer);

/** The contents of every file of an import but the manifest, which tells the time. */
async function contents(dir: string): Promise<Record<string, string>> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.bin')).sort();
  const read = names.map(async (name) => [name, (await readFile(join(dir, name))).toString('base64')]);
  return Object.fromEntries(await Promise.all(read));
}

function recorder() {
  const seen: ImportProgress[] = [];
  return { seen, onProgress: (progress: ImportProgress) => seen.push(progress) };
}

async function flip(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, at);
  byte[0] = (byte[0] ?? 0) ^ 0xff;
  await file.write(byte, 0, 1, at);
  await file.close();
}

async function refusal(promise: Promise<unknown>): Promise<EngineError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error(`expected an EngineError, got ${error}`);
  return error;
}

describe('importCheckpoint', () => {
  it('stores fp32 weights as they are, each at a page of its own', async () => {
    const { cacheDir, checkpoint } = await prepare();
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
    const { cacheDir, checkpoint } = await prepare({ dtype: 'BF16' });
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    expect(model.embedding).toMatchObject({ dtype: 'bfloat16', length: 20 * 32 * 2 });
    expect(model.tensors.get('model.norm.weight')).toMatchObject({ dtype: 'float32', length: 32 * 4 });
  });

  it('shares one tied table between embedding and fp32 head', async () => {
    const { cacheDir, checkpoint } = await prepare({ config: { tie_word_embeddings: true }, dtype: 'F16' });
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    const table = model.tensors.get('model.embed_tokens.weight');
    expect(model.embedding).toMatchObject({ dtype: 'float32', file: table?.file, offset: table?.offset });
    expect(model.tensors.has('lm_head.weight')).toBe(false);
    expect(await readdir(model.dir)).not.toContain('embedding.bin');
  });

  it('quantises the linear layers of the text model and the head alone', async () => {
    const { cacheDir, checkpoint } = await prepare();
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

  it('gives a tied int8 head its codes and leaves the embedding rows exact', async () => {
    const { cacheDir, checkpoint } = await prepare({ config: { tie_word_embeddings: true }, dtype: 'BF16' });
    const model = await importCheckpoint(checkpoint, { weights: 'int8', cacheDir });
    expect(model.tensors.get('lm_head.weight')).toMatchObject({ dtype: 'uint8', shape: [20, 1, 32] });
    expect(model.embedding).toMatchObject({ file: 'embedding.bin', dtype: 'bfloat16' });
  });

  it('gives the same hash to the same model in other shards and formats of import, and another to another model', async () => {
    const { cacheDir, checkpoint } = await prepare();
    const other = await prepare({ seed: 2 });
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

  it('finds a finished import without converting anything', async () => {
    const { cacheDir, checkpoint } = await prepare();
    expect(await isImported(checkpoint, 'int8', cacheDir)).toBe(false);
    const first = await importCheckpoint(checkpoint, { weights: 'int8', cacheDir });
    const { seen, onProgress } = recorder();
    expect(await importCheckpoint(checkpoint, { weights: 'int8', cacheDir, onProgress })).toEqual(first);
    expect(seen).toEqual([]);
    expect(await isImported(checkpoint, 'int8', cacheDir)).toBe(true);
    expect(await isImported(checkpoint, 'fp32', cacheDir)).toBe(false);
  });

  it('reports bytes of the checkpoint, rising to the total', async () => {
    const { cacheDir, checkpoint } = await prepare();
    const { seen, onProgress } = recorder();
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
    const { dir, cacheDir, checkpoint } = await prepare();
    const before = await contentsAndTimes(dir);
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    expect((await readdir(cacheDir)).map((name) => join(cacheDir, name))).toEqual([model.dir]);
    expect(await contentsAndTimes(dir)).toEqual(before);
  });

  it('removes the import of the state of a folder that a newer one replaces', async () => {
    const { dir, cacheDir, checkpoint } = await prepare();
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

describe('importCheckpoint, interrupted', () => {
  it('stops at a cancel and goes on behind the last finished tensor', async () => {
    const { cacheDir, checkpoint } = await prepare();
    const whole = await importCheckpoint(checkpoint, { weights: 'int8', cacheDir: `${cacheDir}-whole` });
    const controller = new AbortController();
    let chunks = 0;
    const cancelled = importCheckpoint(checkpoint, {
      weights: 'int8',
      cacheDir,
      signal: controller.signal,
      onProgress: () => {
        if (++chunks === 10) controller.abort();
      },
    });
    expect((await refusal(cancelled)).kind).toBe('cancelled');
    expect(chunks).toBe(10);

    const { seen, onProgress } = recorder();
    const model = await importCheckpoint(checkpoint, { weights: 'int8', cacheDir, onProgress });
    expect(seen.filter(({ phase }) => phase === 'verifying')).toHaveLength(10);
    expect(seen.filter(({ phase }) => phase === 'converting')).toHaveLength(checkpoint.tensors.length - 10);
    expect(await contents(model.dir)).toEqual(await contents(whole.dir));
    expect(model.hash).toBe(whole.hash);
  });

  it('does again what was damaged meanwhile, and nothing else', async () => {
    const { cacheDir, checkpoint } = await prepare();
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    const whole = await contents(model.dir);
    await rename(model.dir, `${model.dir}.partial`);
    await flip(join(`${model.dir}.partial`, 'text.bin'), model.tensors.get('model.norm.weight')?.offset ?? 0);
    await appendFile(join(`${model.dir}.partial`, 'journal.jsonl'), '{"step":"model.nor');
    const { seen, onProgress } = recorder();
    await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir, onProgress });
    expect(seen.filter(({ phase }) => phase === 'converting')).toHaveLength(1);
    expect(await contents(model.dir)).toEqual(whole);
  });

  it.each<[string, (model: ImportedModel) => Promise<void>, RegExp]>([
    ['a changed byte', ({ dir }) => flip(join(dir, 'text.bin'), 5), /text\.bin was written to/],
    [
      'a shortened file',
      ({ dir }) => writeFile(join(dir, 'text.bin'), 'short'),
      /text\.bin has another size/,
    ],
    ['a missing file', ({ dir }) => rm(join(dir, 'vision.bin')), /vision\.bin is missing/],
    ['a missing manifest', ({ dir }) => rm(join(dir, 'manifest.json')), /manifest\.json is missing/],
    [
      'an unreadable manifest',
      ({ dir }) => writeFile(join(dir, 'manifest.json'), '{'),
      /manifest\.json is not readable/,
    ],
    [
      'a manifest that was edited',
      ({ dir }) => edit(join(dir, 'manifest.json'), '"fp32"', '"int8"'),
      /manifest\.json was changed/,
    ],
    ['a journal that says otherwise', ({ dir }) => damageJournal(dir), /manifest\.json is missing/],
  ])('repairs an import with %s, and says so', async (_, damage, why) => {
    const { cacheDir, checkpoint } = await prepare();
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    const whole = await contents(model.dir);
    await damage(model);
    const { seen, onProgress } = recorder();
    expect(await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir, onProgress })).toEqual(model);
    expect(seen[0]).toMatchObject({ phase: 'repairing', why: expect.stringMatching(why) });
    expect(await contents(model.dir)).toEqual(whole);
    expect(await isImported(checkpoint, 'fp32', cacheDir)).toBe(true);
  });

  it('accepts an import that was only copied: its contents are checked once', async () => {
    const { cacheDir, checkpoint } = await prepare();
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    await cp(model.dir, `${model.dir}-copy`, { recursive: true });
    await rm(model.dir, { recursive: true });
    await rename(`${model.dir}-copy`, model.dir);
    await utimes(join(model.dir, 'text.bin'), 1, 1);
    const { seen, onProgress } = recorder();
    await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir, onProgress });
    expect(seen.filter(({ phase }) => phase === 'converting')).toEqual([]);
    seen.length = 0;
    await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir, onProgress });
    expect(seen).toEqual([]);
  });

  it('takes over the lock of a process that is dead', async () => {
    const { cacheDir, checkpoint } = await prepare();
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    await rm(model.dir, { recursive: true });
    await writeFile(`${model.dir}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), id: 'x' }));
    const { seen, onProgress } = recorder();
    await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir, onProgress });
    expect(seen.map(({ phase }) => phase)).not.toContain('waiting');
    expect(await readdir(cacheDir)).toHaveLength(1);
  });

  it('takes over a lock that nobody has touched for a minute', async () => {
    const { cacheDir, checkpoint } = await prepare();
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    await rm(model.dir, { recursive: true });
    await writeFile(`${model.dir}.lock`, JSON.stringify({ pid: process.pid, host: 'elsewhere', id: 'x' }));
    const longAgo = Date.now() / 1000 - 61;
    await utimes(`${model.dir}.lock`, longAgo, longAgo);
    await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    expect(await readdir(cacheDir)).toHaveLength(1);
  });

  it('waits for a living one, says so, and can be cancelled meanwhile', async () => {
    const { cacheDir, checkpoint } = await prepare();
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    await rm(model.dir, { recursive: true });
    await writeFile(`${model.dir}.lock`, JSON.stringify({ pid: process.pid, host: hostname(), id: 'x' }));
    const controller = new AbortController();
    const { seen, onProgress } = recorder();
    const waiting = importCheckpoint(checkpoint, {
      weights: 'fp32',
      cacheDir,
      signal: controller.signal,
      onProgress: (progress) => {
        onProgress(progress);
        controller.abort();
      },
    });
    expect((await refusal(waiting)).kind).toBe('cancelled');
    expect(seen).toEqual([{ phase: 'waiting' }]);
  });
});

describe('importCheckpoint refuses', () => {
  it('a disk without room, before it writes anything, with what is needed and what is free', async () => {
    const { dir, cacheDir } = await prepare();
    const vision_config = { ...TINY_CONFIG.vision_config, out_hidden_size: 8192 };
    const rope_scaling = { type: 'mrope', mrope_section: [16, 24, 24] };
    const wide = { hidden_size: 8192, num_attention_heads: 64, vocab_size: 30_000_000 };
    await writeHugeFolder(dir, { ...TINY_CONFIG, ...wide, vision_config, rope_scaling });
    const error = await refusal(importCheckpoint(await openCheckpoint(dir), { weights: 'fp32', cacheDir }));
    expect(error.kind).toBe('no-space');
    expect(error.message).toMatch(/needs 19\d\d\.\d GB more in .*cache, where \d+\.\d GB are free/);
    expect(error.message).toContain('VILASR_CACHE');
    expect((await readdir(cacheDir, { recursive: true })).filter((name) => name.endsWith('.lock'))).toEqual(
      [],
    );
  });

  it.each(['fp32', 'int8'] as const)(
    'infinite or undefined numbers as %s, with file and tensor',
    async (weights) => {
      const { dir, cacheDir } = await prepare();
      const content = tinyFolder();
      const bad = content.weights['model.safetensors']?.find(
        ({ name }) => name === 'model.layers.1.mlp.up_proj.weight',
      );
      bad?.data.set(new Uint8Array(new Float32Array([Number.NaN]).buffer), 400);
      await writeFolder(dir, content);
      const error = await refusal(importCheckpoint(await openCheckpoint(dir), { weights, cacheDir }));
      expect(error.kind).toBe('bad-model');
      expect(error.message).toMatch(
        /model\.safetensors holds infinite or undefined numbers in tensor model\.layers\.1\.mlp\.up_proj\.weight/,
      );
    },
  );

  it('a checkpoint that was written to since it was opened', async () => {
    const { dir, cacheDir, checkpoint } = await prepare();
    await writeFolder(dir, tinyFolder({ seed: 9 }));
    await utimes(join(dir, 'model.safetensors'), 1, 1);
    const error = await refusal(importCheckpoint(checkpoint, { weights: 'fp32', cacheDir }));
    expect(error.message).toMatch(/model\.safetensors was written to while it was being imported/);
  });

  it('a cache folder that cannot be made', async () => {
    const { cacheDir, checkpoint } = await prepare();
    await mkdir(cacheDir);
    await writeFile(join(cacheDir, 'file'), '');
    const error = await refusal(
      importCheckpoint(checkpoint, { weights: 'fp32', cacheDir: join(cacheDir, 'file', 'models') }),
    );
    expect(error.kind).toBe('bad-request');
    expect(error.message).toMatch(/cannot be written to \(ENOTDIR\)\. Set VILASR_CACHE/);
  });
});

async function contentsAndTimes(dir: string) {
  const names = (await readdir(dir)).sort();
  return Promise.all(names.map(async (name) => [name, (await stat(join(dir, name))).mtimeMs]));
}

async function edit(path: string, from: string, to: string): Promise<void> {
  await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
}

async function damageJournal(dir: string): Promise<void> {
  await rm(join(dir, 'manifest.json'));
  await edit(join(dir, 'journal.jsonl'), '"stored":[', '"stored":[1');
}
