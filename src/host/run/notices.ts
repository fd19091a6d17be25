import * as vscode from 'vscode';
import type { Trace } from '../../trace/trace';
import { shorten } from '../shorten';
import type { Run } from './run';

/** Says once that a run failed, with its log and another try at hand. */
export async function tellFailure(
  { request }: Run,
  trace: Trace,
  { showLog, again }: { readonly showLog: () => void; readonly again: () => void },
): Promise<void> {
  const log = vscode.l10n.t('Show Log');
  const retry = vscode.l10n.t('Run Again');
  const why = trace.error ?? vscode.l10n.t('The run failed.');
  const message = vscode.l10n.t('“{0}”: {1}', shorten(request.question.text, 60), firstLine(why));
  const chosen = await vscode.window.showErrorMessage(message, log, retry);
  if (chosen === log) showLog();
  if (chosen === retry) again();
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

/** Says that a run that has ended is not among the recent ones. */
export async function tellLoss(error: unknown): Promise<void> {
  const why = error instanceof Error ? error.message : String(error);
  await vscode.window.showErrorMessage(vscode.l10n.t('The run was not kept among the recent ones: {0}', why));
}

/** Whether the runs that go on may be stopped. */
export async function confirmStop(): Promise<boolean> {
  const stop = vscode.l10n.t('Stop and Unload');
  const question = vscode.l10n.t('Stop the runs and samplings that go on, and unload the model?');
  const detail = vscode.l10n.t('What they have said until now is kept, and a sampling can go on later.');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, stop)) === stop;
}
