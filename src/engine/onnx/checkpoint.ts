import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { snapshotOf } from '../hub/hub-cache';
import { badModel, explainRead } from './checkpoint/bad-model';
import { checkpointName } from './checkpoint/checkpoint-name';
import { generationSchema } from './checkpoint/config-schema';
import { findWeights, type SourceTensor, type Weights } from './checkpoint/find-weights';
import { readJsonIfAny, readTextIfAny } from './checkpoint/json';
import {
  type Config,
  readConfig,
  readTextSpec,
  readTokenSpec,
  readVisionSpec,
  wantsTiedHead,
} from './checkpoint/read-config';
import { readImageSpec } from './checkpoint/read-images';
import { readTokenizer } from './checkpoint/read-tokenizer';
import { type ExpectedTensor, expectedTensors, HEAD } from './checkpoint/tensor-names';
import type { FloatFormat, TokenizerFiles } from './imported-model';
import type { ModelSpec } from './model-spec';

/** A checkpoint folder that was found fit to run. Headers were read, the numbers were not. */
export interface Checkpoint {
  /** Absolute path. */
  readonly dir: string;
  /** Folder name, for people. */
  readonly name: string;
  readonly spec: ModelSpec;
  /** What the architecture needs, in the order in which an import lays it out. */
  readonly tensors: readonly CheckpointTensor[];
  /** Tensors of the folder that the architecture does not use; the reference skips them too. */
  readonly unused: readonly string[];
  readonly shards: Weights['shards'];
  readonly tokenizer: TokenizerFiles;
  readonly chatTemplate: string | null;
  /** SHA-256 (hex) of `tokenizer.json` and the chat template. */
  readonly promptHash: string;
  /** Text of `vilasr_profile.json`, or null. */
  readonly profile: string | null;
  /** Numbers in the model; a tied head counts once. */
  readonly parameters: number;
  /** SHA-256 (hex) of the config, the headers, samples, sizes and times of the shards: changes when the folder is written. */
  readonly fingerprint: string;
}

/** A required tensor and where it is. */
export interface CheckpointTensor extends ExpectedTensor {
  readonly source: SourceTensor;
  readonly format: FloatFormat;
}

/** Name of the file that carries the wording a checkpoint was trained with. */
export const PROFILE_FILE = 'vilasr_profile.json';

const FORMATS: ReadonlyMap<string, FloatFormat> = new Map([
  ['F32', 'float32'],
  ['BF16', 'bfloat16'],
  ['F16', 'float16'],
]);

/**
 * Opens the Hugging Face checkpoint folder `dir` of Qwen2.5-VL architecture, in the 7B's layout or transformers 5's; of a
 * model's folder in a cache of the Hub, `models--org--name`, the snapshot of its branch `main`.
 * Reads config files and weight headers, never the weights, so that 16 GB take no longer than 16 MB. Throws
 * `EngineError` (`bad-model`) that names the file and what is wrong in it if the folder cannot be run.
 */
export async function openCheckpoint(dir: string): Promise<Checkpoint> {
  const root = snapshotOf(resolve(dir)) ?? resolve(dir);
  const configText = await readConfigText(root);
  const configPath = join(root, 'config.json');
  const config = readConfig(configText, configPath);
  const weights = await findWeights(root);
  const spec = await readSpec(root, config, weights, configPath);
  const tokenizer = await readTokenizer(root, spec.tokens, spec.text.vocab);

  const tensors = expectedTensors(spec.text, spec.vision).map((expected) => locate(expected, weights, root));
  const used = new Set(tensors.map(({ name }) => name));
  const fingerprint = createHash('sha256').update(configText);
  for (const { signature, size, modified } of weights.shards)
    fingerprint.update(`\n${signature} ${size} ${modified}`);
  return {
    dir: root,
    name: checkpointName(root),
    spec,
    tensors,
    unused: [...weights.tensors.keys()].filter((name) => !used.has(name)),
    shards: weights.shards,
    tokenizer: tokenizer.files,
    chatTemplate: tokenizer.chatTemplate,
    promptHash: tokenizer.hash,
    profile: await readTextIfAny(root, PROFILE_FILE),
    parameters: tensors.reduce((sum, { shape }) => sum + elements(shape), 0),
    fingerprint: fingerprint.digest('hex'),
  };
}

async function readConfigText(dir: string): Promise<string> {
  const info = await stat(dir).catch((error: unknown) => {
    throw explainRead(error, dir);
  });
  if (!info.isDirectory()) throw badModel(dir, 'is a file; give the folder that holds config.json');
  const text = await readTextIfAny(dir, 'config.json');
  if (text === null) throw badModel(dir, 'has no config.json, so it is not a Hugging Face checkpoint folder');
  return text;
}

async function readSpec(
  dir: string,
  config: Config,
  weights: Weights,
  configPath: string,
): Promise<ModelSpec> {
  // A head of its own among the weights is used even if the config ties it: equal, it changes nothing; different, it is
  // what the reference uses too.
  const tied = wantsTiedHead(config) && !weights.tensors.has(HEAD);
  const text = readTextSpec(config, tied, configPath);
  const vision = readVisionSpec(config.root.vision_config, text.hidden, configPath);
  const generation = await readJsonIfAny(dir, 'generation_config.json', generationSchema);
  return {
    text,
    vision,
    tokens: readTokenSpec(config, generation, configPath),
    images: await readImageSpec(dir, vision),
  };
}

function locate(expected: ExpectedTensor, weights: Weights, dir: string): CheckpointTensor {
  const source = weights.tensors.get(expected.name);
  if (source === undefined) throw badModel(dir, `lacks tensor ${expected.name}, which config.json calls for`);
  if (source.shape.join() !== expected.shape.join()) {
    const shapes = `[${source.shape.join(', ')}], config.json calls for [${expected.shape.join(', ')}]`;
    throw badModel(source.file, `has tensor ${expected.name} in the wrong shape: ${shapes}`);
  }
  const format = FORMATS.get(source.dtype);
  if (format === undefined) {
    throw badModel(
      source.file,
      `stores tensor ${expected.name} as ${source.dtype}; only F32, BF16 and F16 are supported (quantised weights are not)`,
    );
  }
  return { ...expected, source, format };
}

/** Numbers in a tensor of this shape. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
