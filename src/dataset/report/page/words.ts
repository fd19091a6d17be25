import { t } from '@vscode/l10n';
import type { QuestionType } from '../../../trace/trace';
import type { Verdict } from '../../../trace/verdict';
import type { Standing } from '../../export/verdict-tally';
import type { SHOWN_SCORES } from '../report';

export function standingName(standing: Standing): string {
  const names: Readonly<Record<Standing, string>> = {
    approved: t('approved'),
    rejected: t('rejected'),
    'needs-edit': t('needs edit'),
    pending: t('verdict cleared'),
    'edited-since': t('edited since'),
    'not-judged': t('not judged'),
  };
  return names[standing];
}

/** `pending` here is all that nobody decided, or that was edited since. */
export const verdictName = (verdict: Verdict): string =>
  verdict === 'pending' ? t('pending') : standingName(verdict);

export function typeName(type: QuestionType): string {
  const names: Readonly<Record<QuestionType, string>> = {
    'multiple-choice': t('multiple choice'),
    numerical: t('number'),
    'free-form': t('free form'),
  };
  return names[type];
}

export function scoreName(score: (typeof SHOWN_SCORES)[number]): string {
  const names: Readonly<Record<typeof score, string>> = {
    accuracy: t('Accuracy'),
    format: t('Format'),
    reflection: t('Reflection'),
    reward: t('Reward'),
  };
  return names[score];
}

/** `12,345` */
export const formatCount = (count: number): string => count.toLocaleString('en-US');

/** `83 %`; a dash where there is nothing to have a share of. */
export const percentOf = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${Math.round((part / whole) * 100)} %`;

/** `0.67`; a dash for what is undefined. */
export const formatKappa = (kappa: number | null): string => (kappa === null ? '–' : kappa.toFixed(2));

/** `2026-11-25 10:00` of an ISO time in UTC. */
export const formatTime = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

/** `1 h 5 min` */
export function formatDuration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}
