import { Icon } from '../../shared/icons';
import { Button, ProgressRing } from '../../shared/toolkit';
import { isRunning } from '../model/state';
import { describeRun } from '../model/words';
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
      <span class="run-words">{reading ? 'Reading the prompt' : describeRun(run)}</span>
      {reading && (
        <progress
          max={prefill.total}
          value={prefill.done}
          aria-label="Prompt tokens read"
          data-testid="prefill"
        >
          {prefill.done} of {prefill.total}
        </progress>
      )}
      {!following && (
        <Button
          look="icon"
          label="Follow the Newest Turn"
          onClick={() => dispatch({ type: 'follow' })}
          testId="follow"
        >
          <Icon name="follow" />
        </Button>
      )}
    </div>
  );
}
