import { resolve } from 'node:path';
import { freeDisk } from '../disk-space';
import { EngineError, type ImageLimits, type WeightFormat } from '../engine';
import { defaultCacheDir } from './cache-dir';
import { type Checkpoint, openCheckpoint } from './checkpoint';
import { gigabytes } from './gigabytes';
import { isImported } from './import';
import { planLayout } from './import/layout';
import type { FloatFormat } from './imported-model';
import {
  chooseWeights,
  type MemoryPlan,
  planMemory,
  USUAL_WORKLOAD,
  type Workload,
  workloadOf,
} from './memory';
import { freeMemory } from './memory/free-memory';
import type { ModelSpec } from './model-spec';

/** What `vilasr model check` says of a folder. All sizes are bytes. */
export interface ModelCheck {
  readonly dir: string;
  /** True if the folder is sound and fits this machine in at least one format. */
  readonly runs: boolean;
  /** Why it does not run, with the file at fault or what is missing; null if it runs. */
  readonly problem: string | null;
  /** What the folder holds; null if it is not a sound checkpoint. */
  readonly model: ModelFacts | null;
  /** What each format takes; null if the folder is not sound. */
  readonly formats: Readonly<Record<WeightFormat, FormatNeeds>> | null;
  /** The format that it runs in unless another one is asked for; null if none fits, or the folder is not sound. */
  readonly usual: WeightFormat | null;
  readonly free: { readonly memory: number; readonly disk: number };
  /** The conversation that the memory is reckoned for. */
  readonly workload: Workload;
}

export interface ModelFacts {
  readonly architecture: 'Qwen2.5-VL';
  readonly parameters: number;
  /** Bytes of the weight files. */
  readonly bytes: number;
  readonly shards: number;
  readonly numbers: readonly FloatFormat[];
  readonly tiedHead: boolean;
  readonly contextLength: number;
  readonly images: ImageLimits;
  readonly chatTemplate: boolean;
  readonly profile: boolean;
  /** Tensors that the architecture does not use. */
  readonly unused: readonly string[];
}

export interface FormatNeeds {
  readonly memory: MemoryPlan;
  /** Bytes that its import takes in the cache; nothing more is written if `imported`. */
  readonly disk: number;
  readonly imported: boolean;
  readonly fits: boolean;
}

/**
 * Finds out whether the model in `dir` can run on this machine, in well under a second whatever its size. A folder that
 * cannot is an answer, not an error. Which providers there are is for the engine's process to say: asking loads
 * onnxruntime.
 */
export async function checkModel(
  dir: string,
  { cacheDir = defaultCacheDir(), workload: wanted }: { cacheDir?: string; workload?: Workload } = {},
): Promise<ModelCheck> {
  const free = await freeRoom(cacheDir);
  const base = { dir: resolve(dir), free, workload: wanted ?? USUAL_WORKLOAD };
  let checkpoint: Checkpoint;
  try {
    checkpoint = await openCheckpoint(dir);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { ...base, runs: false, problem: error.message, model: null, formats: null, usual: null };
  }
  const { workload, formats, usual } = await reckonFormats(checkpoint, { cacheDir, workload: wanted, free });
  const runs = Object.values(formats).some(({ fits }) => fits);
  return {
    ...base,
    workload,
    runs,
    problem: runs ? null : shortage(formats.int4, free),
    model: factsOf(checkpoint),
    formats,
    usual,
  };
}

/** What a sound checkpoint takes on this machine in each format, and which of them fit in what is `free`. */
export async function reckonFormats(
  checkpoint: Checkpoint,
  {
    cacheDir = defaultCacheDir(),
    workload = workloadOf(checkpoint.spec),
    free,
  }: {
    cacheDir?: string | undefined;
    workload?: Workload | undefined;
    free?: ModelCheck['free'];
  } = {},
): Promise<Pick<ModelCheck, 'workload' | 'usual'> & { formats: NonNullable<ModelCheck['formats']> }> {
  const { memory: memoryFree, disk: diskFree } = free ?? (await freeRoom(cacheDir));
  const needs = async (weights: WeightFormat): Promise<FormatNeeds> => {
    const memory = planMemory(checkpoint.spec, weights, workload);
    const disk = [...planLayout(checkpoint, weights).files.values()].reduce((sum, size) => sum + size, 0);
    const imported = await isImported(checkpoint, weights, cacheDir);
    return { memory, disk, imported, fits: memory.total <= memoryFree && (imported || disk <= diskFree) };
  };
  const formats = {
    fp32: await needs('fp32'),
    fp16: await needs('fp16'),
    int8: await needs('int8'),
    int4: await needs('int4'),
  };
  return { workload, formats, usual: usualFormat(checkpoint.spec, memoryFree, workload) };
}

const freeRoom = async (cacheDir: string): Promise<ModelCheck['free']> => ({
  memory: await freeMemory(),
  disk: await freeDisk(cacheDir),
});

function usualFormat(spec: ModelSpec, free: number, workload: Workload): WeightFormat | null {
  try {
    return chooseWeights(spec, free, workload);
  } catch (error) {
    if (error instanceof EngineError) return null;
    throw error;
  }
}

function shortage({ memory, disk, imported }: FormatNeeds, free: ModelCheck['free']): string {
  if (memory.total > free.memory) {
    return `It needs ${gigabytes(memory.total)} of memory even as int4; ${gigabytes(free.memory)} are free.`;
  }
  const needed = imported ? 0 : disk;
  return `Its import needs ${gigabytes(needed)} of disk as int4; ${gigabytes(free.disk)} are free.`;
}

function factsOf(checkpoint: Checkpoint): ModelFacts {
  const { spec, shards, tensors, unused } = checkpoint;
  const { factor, minPixels, maxPixels } = spec.images;
  return {
    architecture: 'Qwen2.5-VL',
    parameters: checkpoint.parameters,
    bytes: shards.reduce((sum, { size }) => sum + size, 0),
    shards: shards.length,
    numbers: [...new Set(tensors.map(({ format }) => format))],
    tiedHead: spec.text.tied,
    contextLength: spec.text.maxPositions,
    images: { factor, minPixels, maxPixels },
    chatTemplate: checkpoint.chatTemplate !== null,
    profile: checkpoint.profile !== null,
    unused,
  };
}
