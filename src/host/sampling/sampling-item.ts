import * as vscode from 'vscode';
import { describeProgress } from './describe';
import type { Samplings } from './samplings';

/** An item of the status bar while something is sampled, or paused: how far it is. A click shows it. */
export function showSamplingState(samplings: Samplings): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('vilasr.sampling', vscode.StatusBarAlignment.Right, 1);
  item.name = vscode.l10n.t('ViLaSR sampling');
  const update = () => {
    const { all } = samplings;
    const shown =
      all.find(({ isGoing }) => isGoing) ?? all.find(({ activity }) => activity.type === 'paused');
    if (shown === undefined) {
      item.hide();
      return;
    }
    const title = vscode.l10n.t('Show');
    item.command = { command: 'vilasr.sampling.open', title, arguments: [{ sampling: shown }] };
    const icon = shown.isGoing ? '$(loading~spin)' : '$(debug-pause)';
    const progress = describeProgress(shown);
    item.text = `${icon} ${progress}`;
    item.tooltip = vscode.l10n.t('ViLaSR samples {0}: {1}. Click to show it.', shown.name, progress);
    item.accessibilityInformation = { label: item.tooltip };
    item.show();
  };
  const leave = samplings.changed.add(update);
  update();
  return vscode.Disposable.from(item, { dispose: leave });
}
