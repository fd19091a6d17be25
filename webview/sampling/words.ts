import { t } from '@vscode/l10n';
import type { SampledCandidate, SamplingActivity, SamplingState } from '../../src/view/sampling-view';

export function activityWords(activity: SamplingActivity): string {
  switch (activity.type) {
    case 'queued':
      return activity.ahead === 0
        ? t('Waiting')
        : activity.ahead === 1
          ? t('Waiting: 1 run ahead in the queue')
          : t('Waiting: {0} runs ahead in the queue', activity.ahead);
    case 'opening':
      return activity.message;
    case 'running':
      return t('Drawing candidates');
    case 'pausing':
      return t('Pausing: what is being drawn is drawn to its end');
    case 'paused':
      return t('Paused');
    case 'stopping':
      return t('Stopping');
    case 'stopped':
      return t('Stopped: what was drawn until then is in the set');
    case 'failed':
      return t('Sampling has stopped');
    case 'done':
      return t('All candidates are there');
  }
}

/** `37 %`; a dash where there is nothing to take a share of. */
export function share(count: number, of: number): string {
  return of === 0 ? '–' : `${Math.round((count / of) * 100)} %`;
}

export function paceWords({ pace }: SamplingState): string {
  if (pace === null) return '–';
  const { perSecond } = pace;
  if (perSecond >= 1) return t('{0} a second', perSecond.toFixed(1));
  if (perSecond >= 1 / 60) return t('{0} a minute', (perSecond * 60).toFixed(1));
  return t('{0} an hour', (perSecond * 3600).toFixed(1));
}

export function timeLeftWords({ pace }: SamplingState): string {
  return pace === null ? '–' : durationWords(pace.secondsLeft);
}

/** A length of time, rounded up: in seconds, in minutes, or in hours and minutes. */
export function durationWords(seconds: number): string {
  if (seconds < 60) return t('{0} s', Math.ceil(seconds));
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return t('{0} min', minutes);
  return t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}

export function planWords({ plan, model, questionFile }: SamplingState): string {
  const { questions, candidates, temperature, topP, seed } = plan;
  return [
    questions === null
      ? t('{0} candidates of each question of {1}', candidates, questionFile)
      : t('{0} candidates of each of {1} questions of {2}', candidates, questions, questionFile),
    model,
    t('temperature {0}', temperature),
    ...(topP === 1 ? [] : [t('top-p {0}', topP)]),
    t('seed {0}', seed),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

export function outcomeWord({ outcome }: SampledCandidate): string {
  switch (outcome) {
    case 'right':
      return t('right');
    case 'wrong':
      return t('wrong');
    case 'unanswered':
      return t('no answer');
    case 'failed':
      return t('failed');
  }
}

/** Whether it is kept; else why not, where its outcome does not say so already. */
export function keptWords({ leftOut, outcome, error }: SampledCandidate): string {
  if (outcome === 'failed') return error ?? '';
  switch (leftOut) {
    case null:
      return t('kept');
    case 'not well-formed':
      return t('not well-formed');
    case 'no revision':
      return t('no revision');
    case 'too few turns':
      return t('too few turns');
    case 'off centre':
      return t('off the centres of cells');
    case 'not answered':
    case 'wrong':
      return '';
  }
}
