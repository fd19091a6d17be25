import * as vscode from 'vscode';

/** Why no model may be run here, in words; null if one may. */
export function whyNotRun(): string | null {
  if (vscode.workspace.isTrusted) return null;
  return vscode.l10n.t(
    'No model is run in Restricted Mode, since the folder could say which one. Traces can be viewed, edited and judged.',
  );
}

/** Whether a model may be run; if not, says why and offers to trust the folder. */
export async function requireTrust(): Promise<boolean> {
  const why = whyNotRun();
  if (why === null) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const chosen = await vscode.window.showWarningMessage(why, manage);
  if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}
