import type { PrepareParts } from './prepare-model';

/**
 * Closes the model that is open. Runs that go on or wait are stopped before, so that they end as stopped and not for want of
 * a model, if `confirm` says that they may be; else nothing is done.
 */
export async function unloadModel(
  { runs, keeper }: PrepareParts,
  confirm: () => Promise<boolean>,
): Promise<void> {
  if (runs.isBusy) {
    if (!(await confirm())) return;
    await runs.stopAll();
  }
  await runs.alone(() => keeper.unload(), new AbortController().signal);
}
