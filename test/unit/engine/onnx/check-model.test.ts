import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkModel } from '../../../../src/engine/onnx/check-model';
import { openCheckpoint } from '../../../../src/engine/onnx/checkpoint';
import { importCheckpoint } from '../../../../src/engine/onnx/import';
import { TINY_CONFIG, tinyFolder, writeFolder, writeHugeFolder } from '../../../helpers/checkpoint-folder';
import { temporaryFolder } from '../../../helpers/temporary-folder';

describe('checkModel', () => {
  it('says what the folder is, that it runs, and what it takes', async () => {
    const root = await temporaryFolder();
    const dir = join(root, 'tiny');
    const cacheDir = join(root, 'not', 'made', 'yet');
    await writeFolder(dir, tinyFolder({ dtype: 'BF16' }));
    const check = await checkModel(dir, { cacheDir });
    expect(check).toMatchObject({ dir, runs: true, problem: null });
    expect(check.model).toMatchObject({
      architecture: 'Qwen2.5-VL',
      shards: 1,
      numbers: ['bfloat16'],
      tiedHead: false,
      contextLength: 512,
      images: { factor: 28, minPixels: 3136, maxPixels: 12845056 },
      chatTemplate: true,
      profile: false,
      unused: [],
    });
    expect(check.formats?.fp32).toMatchObject({ imported: false, fits: true });
    expect(check.formats?.int8.memory.weights).toBeLessThan(check.formats?.fp32.memory.weights ?? 0);
    expect(check.free.memory).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(check))).toEqual(check);
    await importCheckpoint(await openCheckpoint(dir), { weights: 'int8', cacheDir });
    expect((await checkModel(dir, { cacheDir })).formats).toMatchObject({
      fp32: { imported: false },
      int8: { imported: true },
    });
  });

  it('answers for a folder that is no model with what is wrong in it', async () => {
    const dir = join(await temporaryFolder(), 'empty');
    await mkdir(dir);
    const check = await checkModel(dir);
    expect(check).toMatchObject({ runs: false, model: null, formats: null });
    expect(check.problem).toContain('has no config.json');
  });

  it('answers for a model beyond this machine with what it would need', async () => {
    const root = await temporaryFolder();
    const dir = join(root, 'huge');
    await writeFolder(dir, tinyFolder());
    const vision_config = { ...TINY_CONFIG.vision_config, out_hidden_size: 8192 };
    const rope_scaling = { type: 'mrope', mrope_section: [16, 24, 24] };
    const wide = { hidden_size: 8192, num_attention_heads: 64, vocab_size: 30_000_000 };
    await writeHugeFolder(dir, { ...TINY_CONFIG, ...wide, vision_config, rope_scaling });
    const check = await checkModel(dir, { cacheDir: root });
    expect(check.runs).toBe(false);
    expect(check.problem).toMatch(/needs \d+\.\d GB of memory even as int4; \d+\.\d GB are free/);
    expect(check.model?.parameters).toBeGreaterThan(400e9);
  });
});
