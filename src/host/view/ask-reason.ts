import * as vscode from 'vscode';
import type { Verdict } from '../../trace/verdict';
import type { Why } from '../../view/verdict';

const NOTHING: Why = { reason: null, comment: null };

/** Asks why a trace is rejected or sent back; Enter alone gives no reason. Null if the user thought better of the verdict. */
export async function askReason(verdict: Verdict): Promise<Why | null> {
  if (verdict !== 'rejected' && verdict !== 'needs-edit') return NOTHING;
  const reason = await vscode.window.showInputBox({
    title: verdict === 'rejected' ? vscode.l10n.t('Reject Trace') : vscode.l10n.t('Trace Needs Edit'),
    prompt: vscode.l10n.t('Why? Enter alone gives no reason, Escape no verdict.'),
  });
  if (reason === undefined) return null;
  return { ...NOTHING, reason: reason.trim() || null };
}
