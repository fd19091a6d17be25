import type { TraceFile } from '../dataset/trace-file';
import { weightsOf } from '../sample/recorded-plan';
import type { ModelChoice } from './model-options';

/**
 * A run that goes on holds the weights as it did before, unless the user names others: the memory that is free now might choose
 * another format, whose traces may not stand in the same file.
 */
export async function withKnownWeights(choice: ModelChoice, file: TraceFile): Promise<ModelChoice> {
  if (choice.weights !== null) return choice;
  return { ...choice, weights: weightsOf(await file.firstRun()) };
}
