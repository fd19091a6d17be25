import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../../src/engine/onnx/checkpoint';
import { importCheckpoint } from '../../../../src/engine/onnx/import';
import { TINY_CONFIG, tinyFolder, writeFolder, writeHugeFolder } from '../../../helpers/checkpoint-folder';
import { engineError } from '../../../helpers/engine-error';
import { tinyCheckpoint } from '../../../helpers/imports';

describe('importCheckpoint refuses', () => {
  it('a disk without room, before it writes anything, with what is needed and what is free', async () => {
    const { dir, cacheDir } = await tinyCheckpoint();
    const vision_config = { ...TINY_CONFIG.vision_config, out_hidden_size: 8192 };
    const rope_scaling = { type: 'mrope', mrope_section: [16, 24, 24] };
    const wide = { hidden_size: 8192, num_attention_heads: 64, vocab_size: 30_000_000 };
    await writeHugeFolder(dir, { ...TINY_CONFIG, ...wide, vision_config, rope_scaling });
    const error = await engineError(
      importCheckpoint(await openCheckpoint(dir), { weights: 'fp32', cacheDir }),
    );
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
      const { dir, cacheDir } = await tinyCheckpoint();
      const content = tinyFolder();
      const bad = content.weights['model.safetensors']?.find(
        ({ name }) => name === 'model.layers.1.mlp.up_proj.weight',
      );
      bad?.data.set(new Uint8Array(new Float32Array([Number.NaN]).buffer), 400);
      await writeFolder(dir, content);
      const error = await engineError(importCheckpoint(await openCheckpoint(dir), { weights, cacheDir }));
      expect(error.kind).toBe('bad-model');
      expect(error.message).toMatch(
        /model\.safetensors holds infinite or undefined numbers in tensor model\.layers\.1\.mlp\.up_proj\.weight/,
      );
    },
  );

  it('a checkpoint that was written to since it was opened', async () => {
    const { dir, cacheDir, checkpoint } = await tinyCheckpoint();
    await writeFolder(dir, tinyFolder({ seed: 9 }));
    await utimes(join(dir, 'model.safetensors'), 1, 1);
    const error = await engineError(importCheckpoint(checkpoint, { weights: 'fp32', cacheDir }));
    expect(error.message).toMatch(/model\.safetensors was written to while it was being imported/);
  });

  it('a cache folder that cannot be made', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint();
    await mkdir(cacheDir);
    await writeFile(join(cacheDir, 'file'), '');
    const error = await engineError(
      importCheckpoint(checkpoint, { weights: 'fp32', cacheDir: join(cacheDir, 'file', 'models') }),
    );
    expect(error.kind).toBe('bad-request');
    expect(error.message).toMatch(/cannot be written to \(ENOTDIR\)\. Set VILASR_CACHE/);
  });
});
