import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readSafetensors, type SafetensorsEntry, type SafetensorsFile } from '../safetensors';
import { badModel, explainRead } from './bad-model';
import { indexSchema } from './config-schema';
import { readJsonIfAny } from './json';
import { canonicalName } from './tensor-names';

/** All weights in one file, which comes before an index where there are both, as it does in transformers. */
export const SINGLE = 'model.safetensors';
/** Which file has which tensor. */
export const INDEX = 'model.safetensors.index.json';

/** A tensor of the checkpoint: where it is and in which file. */
export interface SourceTensor extends SafetensorsEntry {
  /** The shard, symbolic links followed. */
  readonly file: string;
}

/** All weights of a checkpoint folder, by header alone. */
export interface Weights {
  readonly shards: readonly SafetensorsFile[];
  /** By canonical name. */
  readonly tensors: ReadonlyMap<string, SourceTensor>;
}

/** Reads the headers of every shard in `dir`. Throws `EngineError` if there are none, some are missing or disagree. */
export async function findWeights(dir: string): Promise<Weights> {
  const names = await listFolder(dir);
  const index = names.includes(SINGLE) ? null : await readJsonIfAny(dir, INDEX, indexSchema);
  if (index === null && !names.includes(SINGLE)) throw refuseFolder(dir, names);
  const map = index === null ? null : new Map(Object.entries(index.weight_map));
  const files = map === null ? [SINGLE] : [...new Set(map.values())].sort();
  if (files.length === 0) throw badModel(join(dir, INDEX), 'lists no weights');

  const shards: SafetensorsFile[] = [];
  const found = new Map<string, SourceTensor>();
  for (const file of files) {
    if (file !== basename(file) || file.includes('\\')) {
      throw badModel(join(dir, INDEX), `points outside the folder (${file})`);
    }
    if (!names.includes(file)) throw badModel(join(dir, file), `is missing; ${INDEX} lists it`);
    const shard = await readSafetensors(join(dir, file));
    shards.push(shard);
    for (const [key, entry] of shard.tensors) {
      // A shard may hold what the index assigns to another one; the index decides.
      if ((map?.get(key) ?? file) !== file) continue;
      const name = canonicalName(key);
      if (found.has(name)) throw badModel(join(dir, file), `has tensor ${name} that the folder has already`);
      found.set(name, { ...entry, file: shard.path });
    }
  }
  for (const [key, file] of map ?? []) {
    if (!found.has(canonicalName(key))) {
      throw badModel(join(dir, file), `lacks tensor ${key}, which ${INDEX} says is in it`);
    }
  }
  return { shards, tensors: found };
}

async function listFolder(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    throw explainRead(error, dir);
  }
}

/** Says what a folder without weights in safetensors has instead. */
function refuseFolder(dir: string, names: readonly string[]): Error {
  const ends = (...endings: string[]) =>
    names.find((name) => endings.some((ending) => name.endsWith(ending)));
  const adapter = names.includes('adapter_config.json');
  const pickle = ends('.bin', '.pt', '.pth', '.ckpt');
  const gguf = ends('.gguf');
  const shard = ends('.safetensors');
  if (adapter)
    return badModel(dir, 'holds an adapter (LoRA), not a model; merge it into its base model first');
  if (shard !== undefined)
    return badModel(dir, `has ${shard} but no ${INDEX} that says which shards belong together`);
  if (pickle !== undefined) {
    return badModel(
      dir,
      `has pickle weights only (${pickle}), which can run code when they are opened; save them as safetensors`,
    );
  }
  if (gguf !== undefined)
    return badModel(dir, `has GGUF weights only (${gguf}); give the original safetensors`);
  return badModel(dir, `has no weights: neither ${SINGLE} nor ${INDEX}`);
}
