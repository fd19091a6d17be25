import type { ModelOpener } from './engine-keeper';
import { engineKey, type ModelChoice } from './model-choice';
import type { Demands, ModelParts } from './open-model';

/** How to open the model that was chosen. What does it is loaded when it is opened. */
export function modelOpener(choice: ModelChoice, demands: Demands, parts: ModelParts): ModelOpener {
  const { maxPixels, parallel } = demands;
  return {
    name: engineKey({ ...choice, weights: null }),
    key: `${engineKey(choice)} ${choice.source === 'server' ? '' : `${maxPixels} ${parallel}`}`,
    open: async (onProgress, signal) => {
      const { openModel } = await import('./open-model');
      return openModel(choice, demands, parts, onProgress, signal);
    },
  };
}
