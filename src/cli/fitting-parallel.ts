import { openCheckpoint } from '../engine/onnx/checkpoint';
import { chooseWeights, mostParallel, workloadOf } from '../engine/onnx/memory';
import { freeMemory } from '../engine/onnx/memory/free-memory';
import type { ModelChoice } from './model-options';
import { modelFolder } from './parts';

/**
 * How many conversations the model in a folder may hold at once, of `wanted` at most and at least one, so that half of the
 * memory that is free is left to others. Throws as opening the model does.
 */
export async function fittingParallel(
  { weights, maxPixels }: ModelChoice,
  dir: string | null,
  wanted: number,
): Promise<number> {
  const { spec } = await openCheckpoint(modelFolder(dir));
  const free = await freeMemory();
  const workload = { ...workloadOf(spec, maxPixels), parallel: wanted };
  return Math.max(1, mostParallel(spec, weights ?? chooseWeights(spec, free, workload), free / 2, workload));
}
