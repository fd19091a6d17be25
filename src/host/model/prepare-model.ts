import type { Runs } from '../run/runs';
import type { EngineKeeper, ModelOpener, UseOptions } from './engine-keeper';
import type { ModelChoice } from './model-choice';

/** What making a model ready, and unloading it, need of the house. */
export interface PrepareParts {
  readonly runs: Runs;
  readonly keeper: EngineKeeper;
}

/**
 * Opens a model that was just chosen, importing it if need be, once the runs that go on have ended: `onWaiting` is told
 * where there are any. A server is asked anew even if it is the one that is held: its key may be another one now. Throws
 * what opening throws, and the signal's reason when that is aborted before.
 */
export function prepareModel(
  { source }: Pick<ModelChoice, 'source'>,
  opener: ModelOpener,
  { runs, keeper }: PrepareParts,
  { onWaiting, ...options }: UseOptions & { readonly onWaiting: () => void },
): Promise<void> {
  if (runs.isBusy) onWaiting();
  return runs.alone(async () => {
    if (source === 'server') await keeper.unload();
    await keeper.use(opener, options, async () => {});
  }, options.signal);
}
