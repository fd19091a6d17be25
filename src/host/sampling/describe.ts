import * as vscode from 'vscode';
import type { Sampling } from './sampling';

/** How far a sampling is, in a few words. */
export function describeProgress({ activity, tally, total }: Sampling): string {
  const done =
    total === null
      ? vscode.l10n.t('{0} candidates', tally.candidates)
      : vscode.l10n.t('{0} of {1}', tally.candidates, total);
  switch (activity.type) {
    case 'queued':
      return vscode.l10n.t('waiting, {0} before it', activity.ahead);
    case 'opening':
      return activity.message;
    case 'running':
      return done;
    case 'pausing':
      return vscode.l10n.t('{0}, pausing', done);
    case 'stopping':
      return vscode.l10n.t('{0}, stopping', done);
    case 'paused':
      return vscode.l10n.t('{0}, paused', done);
    case 'stopped':
      return vscode.l10n.t('{0}, stopped', done);
    case 'failed':
      return vscode.l10n.t('{0}, failed', done);
    case 'done':
      return vscode.l10n.t('{0}, done', done);
  }
}
