import * as vscode from 'vscode';
import type { DataDocument } from './data-document';

/**
 * Saves what is unsaved. Where others have edited the same traces meanwhile the user says whose edits count. Throws an error
 * for people if something is still unsaved.
 */
export async function saveEdits(document: DataDocument): Promise<void> {
  const { conflicts, healed } = await document.save();
  if (healed !== null) void vscode.window.showWarningMessage(healed);
  if (conflicts.length === 0) return;
  const mine = vscode.l10n.t('Keep Mine');
  const theirs = vscode.l10n.t('Keep Theirs');
  const count = conflicts.length;
  const message =
    count === 1
      ? vscode.l10n.t('Somebody else has edited a trace of {0} that you edited.', document.title)
      : vscode.l10n.t('Somebody else has edited {0} traces of {1} that you edited.', count, document.title);
  const detail = vscode.l10n.t(
    'If you keep yours, theirs stay in the history. If you keep theirs, your unsaved edits of these traces are given up.',
  );
  const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail }, mine, theirs);
  if (chosen === undefined)
    throw new Error(vscode.l10n.t('Some edits of {0} are not saved.', document.title));
  for (const { trace } of conflicts) {
    await (chosen === mine ? document.keepMine(trace) : document.keepTheirs(trace));
  }
  if (chosen === mine) await saveEdits(document);
}
