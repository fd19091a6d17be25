import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { elements } from '../../src/engine/onnx/checkpoint';
import { readConfig, readTextSpec, readVisionSpec } from '../../src/engine/onnx/checkpoint/read-config';
import { type ExpectedTensor, expectedTensors } from '../../src/engine/onnx/checkpoint/tensor-names';
import { randomNumbers } from './random';
import { fileWithHeader, type TensorToWrite, writeSafetensors } from './safetensors';

type Json = Record<string, unknown>;

/** The files of a checkpoint folder before they are written: change what a test is about. */
export interface FolderContent {
  /** JSON files by name; null leaves one out. */
  readonly json: Record<string, Json | null>;
  /** Tensors by file name. */
  readonly weights: Record<string, TensorToWrite[]>;
}

/** `config.json` of a model of a few thousand numbers, in the 7B's layout. */
export const TINY_CONFIG = {
  architectures: ['Qwen2_5_VLForConditionalGeneration'],
  model_type: 'qwen2_5_vl',
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  intermediate_size: 40,
  vocab_size: 20,
  rms_norm_eps: 1e-6,
  rope_theta: 1000000,
  rope_scaling: { type: 'mrope', mrope_section: [4, 2, 2] },
  max_position_embeddings: 512,
  sliding_window: 32768,
  use_sliding_window: false,
  tie_word_embeddings: false,
  image_token_id: 15,
  vision_start_token_id: 13,
  vision_end_token_id: 14,
  eos_token_id: 12,
  vision_config: {
    depth: 1,
    hidden_size: 8,
    num_heads: 2,
    intermediate_size: 12,
    out_hidden_size: 32,
    fullatt_block_indexes: [0],
  },
};

const TOKENIZER = {
  version: '1.0',
  added_tokens: [
    { id: 10, content: '<|endoftext|>', special: true },
    { id: 11, content: '<|im_start|>', special: true },
    { id: 12, content: '<|im_end|>', special: true },
    { id: 13, content: '<|vision_start|>', special: true },
    { id: 14, content: '<|vision_end|>', special: true },
    { id: 15, content: '<|image_pad|>', special: true },
  ],
  model: { type: 'BPE', vocab: { a: 0, b: 1, c: 2 }, merges: [] },
};

export interface TinyOptions {
  /** Fields of `config.json` to replace. */
  readonly config?: Json;
  readonly seed?: number;
  readonly dtype?: 'F32' | 'BF16' | 'F16';
  /** The largest weight. */
  readonly scale?: number;
}

/** A whole checkpoint folder, with random weights, as it would be written. */
export function tinyFolder({
  config = {},
  seed = 1,
  dtype = 'F32',
  scale = 1,
}: TinyOptions = {}): FolderContent {
  const root = { ...TINY_CONFIG, ...config };
  const random = randomNumbers(seed);
  const tensors = tensorsOf(root).map(({ name, shape }) => ({
    name,
    dtype,
    shape,
    data: randomData(elements(shape), dtype, () => (random() * 2 - 1) * scale),
  }));
  return {
    json: {
      'config.json': root,
      'preprocessor_config.json': { min_pixels: 3136, max_pixels: 12845056 },
      'tokenizer.json': TOKENIZER,
      'tokenizer_config.json': { chat_template: '{{ messages }}' },
    },
    weights: { 'model.safetensors': tensors },
  };
}

function tensorsOf(root: Json): ExpectedTensor[] {
  const parsed = readConfig(JSON.stringify(root), 'config.json');
  const text = readTextSpec(parsed, root.tie_word_embeddings === true, 'config.json');
  return expectedTensors(text, readVisionSpec(parsed.root.vision_config, text.hidden, 'config.json'));
}

function randomData(count: number, dtype: 'F32' | 'BF16' | 'F16', random: () => number): Uint8Array {
  const values = Float32Array.from({ length: count }, random);
  if (dtype === 'F32') return new Uint8Array(values.buffer);
  const bits = new Uint32Array(values.buffer);
  // Cut off, not rounded: any number of the format will do. A float16 of up to 1 is any pattern below 0x3c00.
  const half = Uint16Array.from(bits, (b) =>
    dtype === 'BF16' ? b >>> 16 : ((b >>> 16) & 0x8000) | (b % 0x3c00),
  );
  return new Uint8Array(half.buffer);
}

const INDEX = 'model.safetensors.index.json';

/** Writes `content` into `dir`, with the index that several weight files need unless it says something of one. */
export async function writeFolder(dir: string, content: FolderContent): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const [name, value] of Object.entries(content.json)) {
    if (value !== null) await writeFile(join(dir, name), JSON.stringify(value));
  }
  const files = Object.entries(content.weights);
  for (const [name, tensors] of files) await writeSafetensors(join(dir, name), tensors);
  if (files.length > 1 && content.json[INDEX] === undefined) {
    const map = files.flatMap(([file, tensors]) => tensors.map(({ name }) => [name, file]));
    await writeFile(join(dir, INDEX), JSON.stringify({ metadata: {}, weight_map: Object.fromEntries(map) }));
  }
}

/** Gives `dir` a config and a weight file of the right header and size that holds nothing: it takes no disk. */
export async function writeHugeFolder(dir: string, root: Json): Promise<void> {
  const header: Record<string, unknown> = {};
  let at = 0;
  for (const { name, shape } of tensorsOf(root)) {
    const end = at + elements(shape) * 4;
    header[name] = { dtype: 'F32', shape, data_offsets: [at, end] };
    at = end;
  }
  const head = fileWithHeader(header);
  await writeFile(join(dir, 'config.json'), JSON.stringify(root));
  await writeFile(join(dir, 'model.safetensors'), head);
  await truncate(join(dir, 'model.safetensors'), head.length + at);
}
