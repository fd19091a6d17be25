import { t } from '@vscode/l10n';
import type { ComponentChildren } from 'preact';
import { isGoing, type SamplingState } from '../../src/view/sampling-view';
import { Icon } from '../shared/icons';
import { ProgressRing } from '../shared/toolkit';
import { Actions } from './actions';
import { CandidateList } from './candidate-list';
import type { Deed } from './host';
import { activityWords, paceWords, planWords, share, timeLeftWords } from './words';

interface AppProps {
  /** Null until the extension has said it. */
  readonly state: SamplingState | null;
  /** What could not be done; null if nothing. */
  readonly problem: string | null;
  readonly onDeed: (deed: Deed) => void;
}

/** A set that is being sampled: how far it is, how good its candidates are, and what can be done with it. */
export function App({ state, problem, onDeed }: AppProps) {
  if (state === null) {
    return (
      <main class="message">
        {problem === null ? (
          <ProgressRing label={t('Opening the sampling')} />
        ) : (
          <p role="alert">{problem}</p>
        )}
      </main>
    );
  }
  return (
    <main class="sampling">
      <header>
        <h1 data-testid="set">{state.set}</h1>
        <p class="quiet" data-testid="plan">
          {planWords(state)}
        </p>
      </header>
      <Activity state={state} onDeed={onDeed} />
      {problem !== null && (
        <p class="error" role="alert">
          <Icon name="wrong" /> {problem}
        </p>
      )}
      <Facts state={state} />
      <CandidateList candidates={state.newest} />
    </main>
  );
}

function Activity({ state, onDeed }: Pick<AppProps, 'onDeed'> & { readonly state: SamplingState }) {
  const { activity, tally, total } = state;
  const isUnknown = isGoing(activity) && total === null;
  return (
    <section aria-label={t('Progress')} class="activity">
      {!isUnknown && (
        <progress max={Math.max(1, total ?? 1)} value={tally.candidates} aria-label={t('Candidates')} />
      )}
      <div class="activity-line">
        <p class="activity-words" role="status" data-testid="activity">
          {activityWords(activity)}
        </p>
        <Actions state={state} onDeed={onDeed} />
      </div>
      {activity.type === 'failed' && (
        <p class="error failure" role="alert" data-testid="failure">
          <Icon name="wrong" /> <span>{activity.message}</span>{' '}
          <button type="button" class="link" onClick={() => onDeed('showLog')}>
            {t('Show Log')}
          </button>
        </p>
      )}
    </section>
  );
}

function Facts({ state }: { readonly state: SamplingState }) {
  const { tally, total, running, failed, activity } = state;
  const { candidates, right, kept, reflective, wellFormed } = tally;
  return (
    <dl class="facts">
      <Fact name={t('Done')} testId="done">
        {total === null ? candidates : t('{0} of {1}', candidates, total)}
      </Fact>
      <Fact name={t('Running now')} testId="running" hint={running.join(', ')}>
        {running.length}
      </Fact>
      <Fact name={t('Rate')} testId="rate">
        {paceWords(state)}
      </Fact>
      <Fact name={t('Time left')} testId="time-left">
        {activity.type === 'done' ? '–' : timeLeftWords(state)}
      </Fact>
      <Fact name={t('Kept')} testId="kept" hint={t('Right, well-formed, and with a real revision')}>
        {share(kept, candidates)} <span class="quiet">{t('{0} candidates', kept)}</span>
      </Fact>
      <Fact name={t('Right')} testId="right">
        {share(right, candidates)} <span class="quiet">{right}</span>
      </Fact>
      <Fact name={t('Well-formed')} testId="well-formed">
        {share(wellFormed, candidates)} <span class="quiet">{wellFormed}</span>
      </Fact>
      <Fact name={t('Reflective')} testId="reflective" hint={t('With a real revision, right or wrong')}>
        {share(reflective, candidates)} <span class="quiet">{reflective}</span>
      </Fact>
      {failed > 0 && (
        <Fact name={t('Failed')} testId="failed">
          {failed}
        </Fact>
      )}
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  readonly testId: string;
  readonly hint?: string;
  readonly children: ComponentChildren;
}

function Fact({ name, testId, hint, children }: FactProps) {
  return (
    <div class="fact" title={hint}>
      <dt class="quiet">{name}</dt>
      <dd data-testid={testId}>{children}</dd>
    </div>
  );
}
