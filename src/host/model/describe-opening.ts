import * as vscode from 'vscode';
import type { OpenProgress } from '../../engine/onnx/engine-contract';

/** What opening a model is doing, in words. */
export function describeOpening(step: OpenProgress): string {
  switch (step.phase) {
    case 'waiting':
      return vscode.l10n.t('Waiting for another window that imports this model');
    case 'repairing':
      return vscode.l10n.t('Repairing the imported model: {0}', step.why);
    case 'verifying':
      return vscode.l10n.t('Checking what was imported before: {0} %', percent(step));
    case 'converting':
      return vscode.l10n.t('Importing the model, once: {0} %', percent(step));
    case 'probing':
      return vscode.l10n.t('Trying the graphics card');
    case 'opening':
      return vscode.l10n.t('Opening the model');
  }
}

/** How much is done, from 0 to 100; null where nothing is counted. */
export function openingPercent(step: OpenProgress): number | null {
  return step.phase === 'verifying' || step.phase === 'converting' ? percent(step) : null;
}

const percent = ({ done, total }: { done: number; total: number }): number =>
  total > 0 ? Math.floor((done / total) * 100) : 100;
