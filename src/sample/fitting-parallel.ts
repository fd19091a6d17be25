import type { WeightFormat } from '../engine/engine';
import { openCheckpoint } from '../engine/onnx/checkpoint';
import { chooseWeights, mostParallel, workloadOf } from '../engine/onnx/memory';
import { freeMemory } from '../engine/onnx/memory/free-memory';

/** A checkpoint folder, and how its model is to be held. */
export interface LocalModel {
  readonly dir: string;
  /** Null for what memory allows. */
  readonly weights: WeightFormat | null;
  /** Area of the largest image in pixels; null for what the model's processor allows. */
  readonly maxPixels: number | null;
}

/** Candidates at once of a model on this machine, at most. */
export const MOST_HERE = 8;

/**
 * How many candidates of a question, of which there are `candidates`, the model in a folder may be asked for at once: at
 * least one, at most `MOST_HERE`, and so that half of the memory that is free is left to others. Throws as opening the model
 * does.
 */
export async function fittingParallel(
  { dir, weights, maxPixels }: LocalModel,
  candidates: number,
): Promise<number> {
  const { spec } = await openCheckpoint(dir);
  const free = await freeMemory();
  const workload = { ...workloadOf(spec, { maxPixels }), parallel: Math.min(candidates, MOST_HERE) };
  return Math.max(1, mostParallel(spec, weights ?? chooseWeights(spec, free, workload), free / 2, workload));
}
