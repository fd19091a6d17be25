import type { Computing } from '../engine/engine';
import type { OpenProgress } from '../engine/onnx/engine-contract';
import type { ImportProgress } from '../engine/onnx/import';
import { percent } from './progress';

/** What an import is doing, for the progress line. */
export function describeImport(step: ImportProgress): string {
  switch (step.phase) {
    case 'waiting':
      return 'waiting for another process that imports this model';
    case 'repairing':
      return `repairing the imported model: ${step.why}`;
    case 'verifying':
      return `checking what was imported before: ${percent(step.done, step.total)}`;
    case 'converting':
      return `importing the model, once: ${percent(step.done, step.total)}`;
  }
}

/** What opening a model is doing, for the progress line. */
export function describeOpening(step: OpenProgress): string {
  switch (step.phase) {
    case 'probing':
      return 'trying the graphics card';
    case 'opening':
      return 'opening the model';
    default:
      return describeImport(step);
  }
}

/** What computes, and why. */
export function describeComputing({ provider, attention, why }: Computing): string {
  const by = provider === 'webgpu' ? '' : ` by ${provider}`;
  const where = provider === 'cpu' ? 'the processor' : `the graphics card${by}, ${attention} attention`;
  return `computing on ${where}: ${why}`;
}
