import * as vscode from 'vscode';
import { endpointAddress } from '../../engine/endpoint/endpoint-address';
import { changeSettings } from '../config';
import type { ModelChoice } from './model-choice';
import type { SelectParts } from './select-parts';

/** Asks for a server's address, its key and the model's name, and tries whether it answers. */
export async function selectServer({ settings, keys, prepare }: SelectParts): Promise<void> {
  const { model } = settings();
  const title = vscode.l10n.t('Model on a Server');
  const url = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Address of the server'),
    placeHolder: 'http://localhost:8000/v1',
    value: model.server.url,
    ignoreFocusOut: true,
    validateInput: problemOf,
  });
  if (url === undefined) return;
  const name = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Name of the model on the server; empty if it has only one'),
    value: model.server.model,
    ignoreFocusOut: true,
  });
  if (name === undefined) return;
  const known = await keys.get(url);
  const key = await vscode.window.showInputBox({
    title,
    prompt:
      known === null
        ? vscode.l10n.t('Key, if the server wants one. It is kept in the secret storage.')
        : vscode.l10n.t('Key. Empty keeps the one that is in the secret storage; - removes it.'),
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined) return;
  if (key.trim() !== '') await keys.set(url, key.trim() === '-' ? '' : key.trim());
  const server = { ...model.server, url: url.trim(), model: name.trim() };
  if (await answers({ ...model, source: 'server', server }, prepare)) {
    await changeSettings({
      'server.url': server.url,
      'server.model': server.model,
      'model.source': 'server',
    });
  }
}

function problemOf(text: string): string | null {
  try {
    endpointAddress(text.trim());
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether the server answers, or the user wants it anyway. */
async function answers(choice: ModelChoice, prepare: SelectParts['prepare']): Promise<boolean> {
  const location = vscode.ProgressLocation.Notification;
  const title = vscode.l10n.t('Asking {0}', choice.server.url);
  const abort = new AbortController();
  const problem = await vscode.window.withProgress(
    { location, title, cancellable: true },
    async (progress, token) => {
      token.onCancellationRequested(() => abort.abort());
      try {
        await prepare(choice, (message) => progress.report({ message }), abort.signal);
        return null;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  );
  if (abort.signal.aborted) return false;
  if (problem === null) return true;
  const anyway = vscode.l10n.t('Use It Anyway');
  return (await vscode.window.showErrorMessage(problem, anyway)) === anyway;
}
