import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { elements } from '../../src/engine/onnx/checkpoint';
import { readConfig, readTextSpec, readVisionSpec } from '../../src/engine/onnx/checkpoint/read-config';
import { type ExpectedTensor, expectedTensors } from '../../src/engine/onnx/checkpoint/tensor-names';
import { randomNumbers } from '../helpers/random';
import { fileWithHeader } from '../helpers/safetensors';

/** Bytes of a shard, about. */
const SHARD = 4e9;
/** Numbers that the weights are taken from, from another place on for each tensor: 32 MB in bfloat16. */
const POOL = 1 << 24;

/** The shape of ViLaSR-7B, which is that of Qwen2.5-VL-7B. */
const SHAPE = {
  hidden_size: 3584,
  num_hidden_layers: 28,
  num_attention_heads: 28,
  num_key_value_heads: 4,
  intermediate_size: 18944,
  vocab_size: 152064,
  max_position_embeddings: 128000,
  tie_word_embeddings: false,
  rope_scaling: { type: 'mrope', mrope_section: [16, 24, 24] },
};
const VISION = {
  depth: 32,
  hidden_size: 1280,
  num_heads: 16,
  intermediate_size: 3420,
  out_hidden_size: 3584,
  fullatt_block_indexes: [7, 15, 23, 31],
  window_size: 112,
};

/**
 * Writes a random checkpoint of ViLaSR-7B's exact shape, 16.6 GB in bfloat16, with the tokenizer of a checkpoint of the parity
 * tests. A tensor at a time: memory stays small.
 */
export async function writeFullSizeCheckpoint(out: string): Promise<void> {
  const small = join('test', 'parity', 'golden', 'checkpoints', 'mqa-tied-bf16');
  const { vision_config, ...config } = JSON.parse(await readFile(join(small, 'config.json'), 'utf8'));
  const root = { ...config, ...SHAPE, vision_config: { ...vision_config, ...VISION } };
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'config.json'), JSON.stringify(root));
  for (const name of [
    'tokenizer.json',
    'tokenizer_config.json',
    'preprocessor_config.json',
    'generation_config.json',
  ])
    await writeFile(join(out, name), await readFile(join(small, name)));

  const parsed = readConfig(JSON.stringify(root), 'config.json');
  const text = readTextSpec(parsed, false, 'config.json');
  const tensors = expectedTensors(
    text,
    readVisionSpec(parsed.root.vision_config, text.hidden, 'config.json'),
  );
  const shards = inShards(tensors);
  const random = randomNumbers(7);
  const bits = new Uint32Array(Float32Array.from({ length: POOL }, () => (random() * 2 - 1) * 0.05).buffer);
  const pool = Buffer.from(Uint16Array.from(bits, (word) => word >>> 16).buffer);
  const map: Record<string, string> = {};
  for (const [i, shard] of shards.entries()) {
    const file = `model-0000${i + 1}-of-0000${shards.length}.safetensors`;
    for (const { name } of shard) map[name] = file;
    await writeShard(join(out, file), shard, pool, () => 2 * Math.floor(random() * POOL));
  }
  await writeFile(
    join(out, 'model.safetensors.index.json'),
    JSON.stringify({ metadata: {}, weight_map: map }),
  );
}

function inShards(tensors: readonly ExpectedTensor[]): ExpectedTensor[][] {
  const shards: ExpectedTensor[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const tensor of tensors) {
    if (bytes > SHARD) {
      shards.push([]);
      bytes = 0;
    }
    shards.at(-1)?.push(tensor);
    bytes += 2 * elements(tensor.shape);
  }
  return shards;
}

async function writeShard(
  path: string,
  tensors: readonly ExpectedTensor[],
  pool: Buffer,
  place: () => number,
): Promise<void> {
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const { name, shape } of tensors) {
    const start = end;
    end += 2 * elements(shape);
    header[name] = { dtype: 'BF16', shape, data_offsets: [start, end] };
  }
  const stream = createWriteStream(path);
  const write = async (bytes: Uint8Array) => {
    if (!stream.write(bytes)) await once(stream, 'drain');
  };
  await write(fileWithHeader(header));
  for (const { shape } of tensors) {
    let at = place();
    for (let left = 2 * elements(shape); left > 0; ) {
      const piece = pool.subarray(at, Math.min(pool.length, at + left));
      await write(piece);
      left -= piece.length;
      at = 0;
    }
  }
  stream.end();
  await once(stream, 'close');
}
