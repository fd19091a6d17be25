import { t } from '@vscode/l10n';
import { IconButton } from '../../shared/icon-button';
import { ProgressRing } from '../../shared/toolkit';
import { describeRun } from '../model/run-words';
import { isRunning } from '../model/state';
import { useSelect, useStore } from '../store';

/** Where a run that goes on stands: its place in the queue, what is being opened, how much of the prompt is read. */
export function RunProgress() {
  const { dispatch } = useStore();
  const run = useSelect((state) => (isRunning(state) ? state.run : null));
  const prefill = useSelect((state) => state.prefill);
  const following = useSelect((state) => state.following);
  if (run === null) return null;
  const reading = run.state === 'running' && prefill !== null && prefill.done < prefill.total;
  return (
    <div class="run-state" data-testid="run-state">
      <ProgressRing label={describeRun(run)} />
      <span class="run-words">{reading ? t('Reading the prompt') : describeRun(run)}</span>
      {reading && (
        <progress
          max={prefill.total}
          value={prefill.done}
          aria-label={t('Prompt tokens read')}
          data-testid="prefill"
        >
          {t('{0} of {1}', prefill.done, prefill.total)}
        </progress>
      )}
      {!following && (
        <IconButton
          icon="follow"
          label={t('Follow the Newest Turn')}
          onClick={() => dispatch({ type: 'follow' })}
          testId="follow"
        />
      )}
    </div>
  );
}
