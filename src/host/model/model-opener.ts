import type { ModelOpener } from './engine-keeper';
import { engineKey, type ModelChoice } from './model-choice';
import type { ModelParts } from './open-model';

/** How to open the model that was chosen, for images of up to `maxPixels`. What does it is loaded when it is opened. */
export function modelOpener(choice: ModelChoice, maxPixels: number, parts: ModelParts): ModelOpener {
  return {
    key: `${engineKey(choice)} ${choice.source === 'server' ? '' : maxPixels}`,
    open: async (onProgress, signal) => {
      const { openModel } = await import('./open-model');
      return openModel(choice, maxPixels, parts, onProgress, signal);
    },
  };
}
