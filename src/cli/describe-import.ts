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
