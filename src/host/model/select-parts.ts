import type { Settings } from '../settings';
import type { ModelChoice } from './model-choice';
import type { ServerKeys } from './server-key';

/** What choosing a model needs of the house. */
export interface SelectParts {
  readonly settings: () => Settings;
  readonly keys: ServerKeys;
  /** Opens a model, importing it if need be, with nobody to use it, once nothing else goes on; throws what opening throws. */
  readonly prepare: (
    choice: ModelChoice,
    onProgress: (message: string) => void,
    signal: AbortSignal,
  ) => Promise<void>;
}
