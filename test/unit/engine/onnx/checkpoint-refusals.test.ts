import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../../src/engine/engine';
import { openCheckpoint } from '../../../../src/engine/onnx/checkpoint';
import { type FolderContent, TINY_CONFIG, tinyFolder } from '../../../helpers/checkpoint-folder';
import { engineError } from '../../../helpers/engine-error';
import { fileWithHeader } from '../../../helpers/safetensors';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { writtenFolder } from '../../../helpers/written-folder';

const RUNS = process.env.VILASR_LONG === '1' ? 20_000 : 400;

type Json = Record<string, unknown>;

/** The message that `dir` is refused with, its path as DIR. */
async function refusal(dir: string): Promise<string> {
  const error = await engineError(openCheckpoint(dir));
  expect(error.kind).toBe('bad-model');
  expect(error.message).toContain(dir);
  return error.message.replaceAll(dir, 'DIR');
}

describe('openCheckpoint refuses', () => {
  const config =
    (change: Json) =>
    ({ json }: FolderContent) => {
      json['config.json'] = { ...TINY_CONFIG, ...change };
    };
  const vision = (change: Json) => config({ vision_config: { ...TINY_CONFIG.vision_config, ...change } });
  const processor =
    (change: Json) =>
    ({ json }: FolderContent) => {
      json['preprocessor_config.json'] = change;
    };
  const without =
    (file: string) =>
    ({ json }: FolderContent) => {
      json[file] = null;
    };
  const tensor =
    (name: string, change: Json | null) =>
    ({ weights }: FolderContent) => {
      weights['model.safetensors'] = (weights['model.safetensors'] ?? []).flatMap((one) => {
        if (one.name !== name) return [one];
        return change === null ? [] : [{ ...one, ...change }];
      });
    };

  it.each<[string, (content: FolderContent) => void, RegExp]>([
    [
      'another architecture, by name',
      config({ model_type: 'llama', architectures: ['LlamaForCausalLM'] }),
      /config\.json describes another architecture \(llama, LlamaForCausalLM\)/,
    ],
    [
      'another head on the same model',
      config({ architectures: ['Qwen2_5_VLForTokenClassification'] }),
      /another architecture .*TokenClassification/,
    ],
    [
      'quantised weights',
      config({ quantization_config: { quant_method: 'awq' } }),
      /config\.json says that the weights are quantised \(awq\)/,
    ],
    [
      'a sliding window',
      config({ use_sliding_window: true, max_window_layers: 1 }),
      /config\.json uses a sliding attention window/,
    ],
    [
      'scaled positions',
      config({ rope_scaling: { type: 'yarn', factor: 4 } }),
      /scales its rotary positions by "yarn"/,
    ],
    [
      'an mrope_section that does not fill a head',
      config({ rope_scaling: { type: 'mrope', mrope_section: [1, 1, 1] } }),
      /mrope_section \[1, 1, 1\] that adds up to 3, not to half a head \(8\)/,
    ],
    [
      'heads that do not divide the width',
      config({ num_attention_heads: 3 }),
      /hidden_size \(32\) that its 3 heads do not divide/,
    ],
    ['heads of an unusable width', config({ num_attention_heads: 4 }), /text heads 8 wide/],
    ['a head width of its own', config({ head_dim: 32 }), /head_dim of 32/],
    [
      'key heads that do not divide the heads',
      config({ num_attention_heads: 2, num_key_value_heads: 3 }),
      /3 key-value heads/,
    ],
    ['another activation', config({ hidden_act: 'gelu' }), /activation gelu/],
    ['a config without sizes', config({ hidden_size: undefined }), /config\.json lacks "hidden_size"/],
    [
      'a size that is no number',
      config({ num_hidden_layers: '2' }),
      /config\.json has a wrong "num_hidden_layers"/,
    ],
    [
      'an absurd number of layers',
      config({ num_hidden_layers: 1e9 }),
      /config\.json has a wrong "num_hidden_layers"/,
    ],
    ['no end token', config({ eos_token_id: null }), /names no eos_token_id/],
    [
      'a token outside the vocabulary',
      config({ image_token_id: 151655 }),
      /token id 151655; the vocabulary ends at 19/,
    ],
    ['vision heads of odd width', vision({ num_heads: 4 }), /vision width of 8 on 4 heads/],
    [
      'a vision tower of another width',
      vision({ out_hidden_size: 64 }),
      /vision tower 64 wide to a text model 32 wide/,
    ],
    ['a window that patches do not fill', vision({ window_size: 100 }), /window_size of 100/],
    [
      'a full-attention block that is not there',
      vision({ fullatt_block_indexes: [7] }),
      /block 7 in fullatt_block_indexes; there are 1/,
    ],
    ['grey images', vision({ in_chans: 1 }), /images of 1 channels/],
    [
      'no preprocessor config',
      without('preprocessor_config.json'),
      /has neither preprocessor_config\.json nor processor_config\.json/,
    ],
    [
      'another image processor',
      processor({ image_processor_type: 'CLIPImageProcessor' }),
      /another image processor \(CLIPImageProcessor\)/,
    ],
    [
      'patches of another size',
      processor({ patch_size: 16 }),
      /preprocessor_config\.json has a patch_size of 16; config\.json has 14/,
    ],
    [
      'pixel limits the wrong way round',
      processor({ min_pixels: 10000, max_pixels: 9000 }),
      /at least 10000 and at most 9000/,
    ],
    ['another resampling', processor({ resample: 2 }), /resizes with filter 2/],
    ['resizing turned off', processor({ do_resize: false }), /resizing of images off/],
    ['no tokenizer', without('tokenizer.json'), /DIR.tokenizer\.json is missing/],
    ['no tokenizer config', without('tokenizer_config.json'), /DIR.tokenizer_config\.json is missing/],
    [
      'a tokenizer without image tokens',
      ({ json }) => {
        json['tokenizer.json'] = { model: { vocab: {} }, added_tokens: [] };
      },
      /has no token <\|image_pad\|>/,
    ],
    [
      'a tokenizer that numbers tokens otherwise',
      config({ image_token_id: 9 }),
      /tokenizer\.json gives <\|image_pad\|> the id 15; config\.json says 9/,
    ],
    [
      'a tokenizer with more tokens than the model',
      ({ json }) => {
        json['tokenizer.json'] = { model: { vocab: { a: 20 } } };
      },
      /token ids up to 20; the model's vocabulary ends at 19/,
    ],
    [
      'a missing tensor, by name',
      tensor('model.layers.1.mlp.up_proj.weight', null),
      /lacks tensor model\.layers\.1\.mlp\.up_proj\.weight/,
    ],
    ['an untied model without a head', tensor('lm_head.weight', null), /lacks tensor lm_head\.weight/],
    [
      'a tensor of the wrong shape',
      tensor('model.norm.weight', { shape: [2, 16] }),
      /model\.safetensors has tensor model\.norm\.weight in the wrong shape: \[2, 16\], config\.json calls for \[32\]/,
    ],
    [
      'a number format it cannot read',
      tensor('model.norm.weight', { dtype: 'F8_E4M3', data: new Uint8Array(32) }),
      /stores tensor model\.norm\.weight as F8_E4M3/,
    ],
  ])('%s', async (_, change, expected) => {
    expect(await refusal(await writtenFolder({}, change))).toMatch(expected);
  });

  it('a shard that the index lists and the folder lacks', async () => {
    const dir = await sharded();
    await rm(join(dir, 'model-2.safetensors'));
    expect(await refusal(dir)).toBe(
      'DIR/model-2.safetensors is missing; model.safetensors.index.json lists it.',
    );
  });

  it('a shard whose link points nowhere', async () => {
    const dir = await sharded();
    await rm(join(dir, 'model-2.safetensors'));
    await symlink('../blobs/gone', join(dir, 'model-2.safetensors'));
    expect(await refusal(dir)).toBe('DIR/model-2.safetensors is missing.');
  });

  it('a shard without the tensor that the index promises', async () => {
    const dir = await sharded();
    await writeFile(join(dir, 'model-2.safetensors'), fileWithHeader({}));
    expect(await refusal(dir)).toMatch(
      /DIR.model-2\.safetensors lacks tensor .*, which model\.safetensors\.index\.json/,
    );
  });

  it('a truncated shard', async () => {
    const dir = await sharded();
    await truncate(join(dir, 'model-1.safetensors'), 5000);
    expect(await refusal(dir)).toMatch(/DIR.model-1\.safetensors is cut short/);
  });

  it('an index that points outside the folder', async () => {
    const dir = await sharded();
    const map = { 'model.norm.weight': '../other/model-1.safetensors' };
    await writeFile(join(dir, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
    expect(await refusal(dir)).toMatch(/index\.json points outside the folder/);
  });

  it.each([
    [
      'pickle weights only',
      'pytorch_model-00001-of-00002.bin',
      /has pickle weights only \(pytorch_model-00001-of-00002\.bin\)/,
    ],
    ['GGUF weights only', 'model-q4.gguf', /has GGUF weights only/],
    ['shards without an index', 'model-00001-of-00002.safetensors', /but no model\.safetensors\.index\.json/],
    ['an adapter', 'adapter_config.json', /holds an adapter \(LoRA\)/],
    ['no weights at all', 'README.md', /has no weights/],
  ])('a folder with %s', async (_, file, expected) => {
    const dir = await writtenFolder({}, ({ weights }) => {
      delete weights['model.safetensors'];
    });
    await writeFile(join(dir, file), '');
    expect(await refusal(dir)).toMatch(expected);
  });

  it('a folder that is not there, a file, and a folder without a config', async () => {
    const dir = await temporaryFolder();
    expect(await refusal(join(dir, 'none'))).toBe('DIR is missing.');
    await writeFile(join(dir, 'file'), '');
    expect(await refusal(join(dir, 'file'))).toMatch(/is a file/);
    await mkdir(join(dir, 'empty'));
    expect(await refusal(join(dir, 'empty'))).toMatch(/has no config\.json/);
  });

  it.each(['config.json', 'preprocessor_config.json', 'tokenizer.json', 'tokenizer_config.json'])(
    'a %s that is not JSON',
    async (file) => {
      const dir = await writtenFolder();
      await writeFile(join(dir, file), '{"a": ');
      expect(await refusal(dir)).toMatch(new RegExp(`DIR.${file} is not JSON`));
    },
  );

  it('a config that is a folder', async () => {
    const dir = await writtenFolder();
    await rm(join(dir, 'config.json'));
    await mkdir(join(dir, 'config.json'));
    expect(await refusal(dir)).toBe('DIR/config.json is a folder where a file should be.');
  });

  it('any mutated config with an EngineError, or opens it', async () => {
    const dir = await writtenFolder();
    const files = ['config.json', 'preprocessor_config.json', 'tokenizer.json'] as const;
    const content = tinyFolder().json;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), fc.nat(), fc.jsonValue(), async (file, at, value) => {
        await writeFile(join(dir, file), JSON.stringify(replaceOne(content[file] ?? {}, at, value)));
        try {
          await openCheckpoint(dir);
        } catch (error) {
          if (!(error instanceof EngineError && error.kind === 'bad-model')) throw error;
          refused++;
        }
        await writeFile(join(dir, file), JSON.stringify(content[file]));
      }),
      { seed: 21, numRuns: RUNS },
    );
    expect(refused).toBeGreaterThan(RUNS / 4);
  }, 600_000);
});

async function sharded(): Promise<string> {
  return writtenFolder({}, ({ weights }) => {
    const all = weights['model.safetensors'] ?? [];
    delete weights['model.safetensors'];
    weights['model-1.safetensors'] = all.slice(0, 9);
    weights['model-2.safetensors'] = all.slice(9);
  });
}

/** `json` with the `at`-th of its values, at any depth, replaced. */
function replaceOne(json: unknown, at: number, value: unknown): unknown {
  const count = (node: unknown): number =>
    typeof node === 'object' && node !== null
      ? 1 + Object.values(node).reduce((sum, v) => sum + count(v), 0)
      : 1;
  let left = at % count(json);
  const visit = (node: unknown): unknown => {
    if (left-- === 0) return value;
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, one]) => [key, visit(one)]));
  };
  return visit(json);
}
