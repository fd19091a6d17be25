import { t } from '@vscode/l10n';
import { isGoing, type SamplingState } from '../../src/view/sampling-view';
import { Icon } from '../shared/icons';
import { Button } from '../shared/toolkit';
import type { Deed } from './host';

interface ActionsProps {
  readonly state: SamplingState;
  readonly onDeed: (deed: Deed) => void;
}

/** What can be done with it as it is now. */
export function Actions({ state, onDeed }: ActionsProps) {
  const { activity, tally } = state;
  const going = isGoing(activity);
  const isEnding = activity.type === 'pausing' || activity.type === 'stopping';
  return (
    <div class="actions" role="toolbar" aria-label={t('Sampling')}>
      {going && !isEnding && (
        <Button onClick={() => onDeed('pause')} testId="pause">
          <Icon name="pause" slot="start" />
          {t('Pause')}
        </Button>
      )}
      {going && activity.type !== 'stopping' && (
        <Button onClick={() => onDeed('stop')} testId="stop">
          <Icon name="stop" slot="start" />
          {t('Stop')}
        </Button>
      )}
      {!going && activity.type !== 'done' && (
        <Button look="primary" onClick={() => onDeed('goOn')} testId="go-on">
          <Icon name="play" slot="start" />
          {t('Go On')}
        </Button>
      )}
      {tally.candidates > 0 && (
        <>
          <Button onClick={() => onDeed('open')} testId="open">
            <Icon name="list" slot="start" />
            {t('Open the Set')}
          </Button>
          <Button
            look={activity.type === 'done' ? 'primary' : 'secondary'}
            onClick={() => onDeed('review')}
            testId="review"
          >
            <Icon name="review" slot="start" />
            {t('Review')}
          </Button>
        </>
      )}
    </div>
  );
}
