import { rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../../src/engine/onnx/checkpoint';
import { type FolderContent, TINY_CONFIG, writeHugeFolder } from '../../../helpers/checkpoint-folder';
import { writtenFolder } from '../../../helpers/written-folder';

/** The 7B's config as transformers 5 would write it. */
function asTransformers5(content: FolderContent): void {
  const { rope_scaling, rope_theta, vision_config, model_type, architectures, ...rest } = TINY_CONFIG;
  const { image_token_id, vision_start_token_id, vision_end_token_id, tie_word_embeddings, ...text } = rest;
  content.json['config.json'] = {
    model_type,
    architectures,
    image_token_id,
    vision_start_token_id,
    vision_end_token_id,
    tie_word_embeddings,
    vision_config: {
      ...vision_config,
      in_channels: 3,
      rope_parameters: { rope_theta: 10000, rope_type: 'axial' },
    },
    text_config: {
      ...text,
      layer_types: ['full_attention', 'full_attention'],
      sliding_window: null,
      rope_parameters: { rope_type: 'default', rope_theta, mrope_section: rope_scaling.mrope_section },
    },
  };
  content.json['preprocessor_config.json'] = null;
  content.json['processor_config.json'] = {
    image_processor: { size: { shortest_edge: 3136, longest_edge: 12845056 }, rescale_factor: 1 / 255 },
  };
}

describe('openCheckpoint', () => {
  it('finds the same model in the layout of the 7B and in that of transformers 5', async () => {
    const old = await openCheckpoint(await writtenFolder());
    const now = await openCheckpoint(await writtenFolder({}, asTransformers5));
    expect(now.spec).toEqual(old.spec);
    expect(old.spec.text).toMatchObject({
      hidden: 32,
      headDim: 16,
      kvHeads: 1,
      mropeSection: [4, 2, 2],
      tied: false,
    });
    expect(old.spec.vision).toMatchObject({ hidden: 8, headDim: 4, window: 112, fullAttentionBlocks: [0] });
    expect(old.spec.images).toMatchObject({ factor: 28, minPixels: 3136, maxPixels: 12845056 });
    expect(old.parameters).toBe(old.tensors.reduce((sum, { source }) => sum + source.length / 4, 0));
  });

  it('finds the same tensors under old and new key prefixes', async () => {
    const newer = await writtenFolder({}, ({ weights }) => {
      weights['model.safetensors'] = (weights['model.safetensors'] ?? []).map((tensor) => ({
        ...tensor,
        name: tensor.name
          .replace(/^visual\./, 'model.visual.')
          .replace(/^model\.(?!visual)/, 'model.language_model.'),
      }));
    });
    const names = async (dir: string) => (await openCheckpoint(dir)).tensors.map(({ name }) => name);
    expect(await names(newer)).toEqual(await names(await writtenFolder()));
  });

  it('reads many shards by their index, through the links of a hub cache', async () => {
    const dir = await writtenFolder({}, ({ weights }) => {
      const all = weights['model.safetensors'] ?? [];
      delete weights['model.safetensors'];
      weights['model-00001-of-00002.safetensors'] = all.slice(0, 9);
      weights['model-00002-of-00002.safetensors'] = all.slice(9);
    });
    const blob = join(dir, '..', 'blob');
    await rename(join(dir, 'model-00001-of-00002.safetensors'), blob);
    await symlink(blob, join(dir, 'model-00001-of-00002.safetensors'));
    const { shards, tensors } = await openCheckpoint(dir);
    expect(shards).toHaveLength(2);
    expect(tensors[0]?.source.file).toMatch(/blob$/);
  });

  it('takes the head from the embedding if it is tied, unless the weights have a head of their own', async () => {
    const tied = { config: { tie_word_embeddings: true } };
    const without = await openCheckpoint(await writtenFolder(tied));
    expect(without.spec.text.tied).toBe(true);
    expect(without.tensors.map(({ name }) => name)).not.toContain('lm_head.weight');
    const withHead = await writtenFolder({}, ({ json }) => {
      json['config.json'] = { ...TINY_CONFIG, tie_word_embeddings: true };
    });
    expect((await openCheckpoint(withHead)).spec.text.tied).toBe(false);
  });

  it('takes end tokens from generation_config.json before config.json', async () => {
    const dir = await writtenFolder({}, ({ json }) => {
      json['generation_config.json'] = { eos_token_id: [12, 10], pad_token_id: 10 };
    });
    expect((await openCheckpoint(dir)).spec.tokens).toMatchObject({ eos: [12, 10], pad: 10 });
    expect((await openCheckpoint(await writtenFolder())).spec.tokens).toMatchObject({ eos: [12], pad: null });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['chat_template.jinja', {}, 'from jinja'],
    ['chat_template.json', { chat_template: 'from json' }, 'from json'],
    ['tokenizer_config.json', { chat_template: [{ name: 'default', template: 'from list' }] }, 'from list'],
  ])('finds the chat template in %s', async (file, content, expected) => {
    const dir = await writtenFolder();
    await writeFile(join(dir, file), file.endsWith('jinja') ? 'from jinja' : JSON.stringify(content));
    expect((await openCheckpoint(dir)).chatTemplate).toBe(expected);
  });

  it('brings along the profile that lies in the folder', async () => {
    const dir = await writtenFolder();
    expect((await openCheckpoint(dir)).profile).toBeNull();
    await writeFile(join(dir, 'vilasr_profile.json'), '{"a": 1}');
    expect((await openCheckpoint(dir)).profile).toBe('{"a": 1}');
  });

  it('ignores tensors that the architecture does not use, and names them', async () => {
    const dir = await writtenFolder({}, ({ weights }) => {
      weights['model.safetensors']?.push({
        name: 'v_head.weight',
        dtype: 'F64',
        shape: [1],
        data: new Uint8Array(8),
      });
    });
    expect((await openCheckpoint(dir)).unused).toEqual(['v_head.weight']);
  });

  it('knows the published 7B, even as tools write it that leave out what equals a default', async () => {
    const { image_token_id, vision_start_token_id, vision_end_token_id, eos_token_id } = TINY_CONFIG;
    const dir = await writtenFolder();
    await writeHugeFolder(dir, {
      ...{ image_token_id, vision_start_token_id, vision_end_token_id, eos_token_id },
      architectures: ['Qwen2_5_VLForConditionalGeneration'],
      model_type: 'qwen2_5_vl',
      hidden_act: 'silu',
      hidden_size: 3584,
      intermediate_size: 18944,
      max_position_embeddings: 128000,
      max_window_layers: 28,
      num_attention_heads: 28,
      num_hidden_layers: 28,
      num_key_value_heads: 4,
      rms_norm_eps: 1e-6,
      rope_scaling: { mrope_section: [16, 24, 24], rope_type: 'default', type: 'default' },
      rope_theta: 1000000.0,
      sliding_window: 32768,
      use_sliding_window: false,
      vocab_size: 152064,
      vision_config: { hidden_size: 1280, in_chans: 3, model_type: 'qwen2_5_vl', spatial_patch_size: 14 },
    });
    const { spec, parameters } = await openCheckpoint(dir);
    expect(parameters).toBe(8_292_166_656);
    expect(spec.text).toMatchObject({
      headDim: 128,
      ropeTheta: 1e6,
      mropeSection: [16, 24, 24],
      maxPositions: 128000,
    });
    expect(spec.vision).toMatchObject({
      depth: 32,
      headDim: 80,
      fullAttentionBlocks: [7, 15, 23, 31],
      outHidden: 3584,
    });
  });

  it('opens a folder of a terabyte at once, because it reads no weights', async () => {
    const dir = await writtenFolder();
    await openCheckpoint(dir);
    const config = { ...TINY_CONFIG, hidden_size: 8192, num_attention_heads: 64, vocab_size: 30_000_000 };
    const vision_config = { ...TINY_CONFIG.vision_config, out_hidden_size: 8192 };
    const rope_scaling = { type: 'mrope', mrope_section: [16, 24, 24] };
    await writeHugeFolder(dir, { ...config, vision_config, rope_scaling });
    const start = performance.now();
    expect((await openCheckpoint(dir)).parameters).toBeGreaterThan(400e9);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
