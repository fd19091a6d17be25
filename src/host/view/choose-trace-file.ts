import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';

const KEY = 'lastTraceFile';
const MOST_FOUND = 50;

type Item = vscode.QuickPickItem & { readonly path?: string; readonly act?: 'new' | 'other' };

/** Lets the user choose the trace file to append to: one of the workspace, a new one, or any other. */
export async function chooseTraceFile(memory: vscode.Memento): Promise<string | undefined> {
  const last = memory.get<unknown>(KEY);
  const found = await vscode.workspace.findFiles('**/*.traces.jsonl', '**/node_modules/**', MOST_FOUND);
  const paths = found.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath);
  const known = [...new Set(typeof last === 'string' ? [last, ...paths] : paths)];
  const items: Item[] = [
    { label: `$(new-file) ${vscode.l10n.t('New Trace File…')}`, act: 'new' },
    { label: `$(folder-opened) ${vscode.l10n.t('Another Trace File…')}`, act: 'other' },
    ...known.map((path) => ({
      label: `$(file) ${basename(path)}`,
      description: vscode.workspace.asRelativePath(dirname(path)),
      path,
    })),
  ];
  const item = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Append to Trace File'),
    placeHolder: vscode.l10n.t('The run is added at the end; what is in the file stays'),
    ignoreFocusOut: true,
  });
  const path = item?.act === 'new' ? await newFile() : item?.act === 'other' ? await otherFile() : item?.path;
  if (path !== undefined) await memory.update(KEY, path);
  return path;
}

async function newFile(): Promise<string | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('New Trace File'),
    saveLabel: vscode.l10n.t('Append'),
    // Not `traces.jsonl`: dialogs go by what follows the last dot, and would append it once more.
    filters: { [vscode.l10n.t('Traces')]: ['jsonl'] },
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, 'runs.traces.jsonl') }),
  });
  return uri === undefined ? undefined : uri.fsPath.replace(/(?:\.traces)?(?:\.jsonl)?$/i, '.traces.jsonl');
}

async function otherFile(): Promise<string | undefined> {
  const uris = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Trace File'),
    openLabel: vscode.l10n.t('Append'),
    filters: { [vscode.l10n.t('Traces')]: ['jsonl'] },
  });
  return uris?.[0]?.fsPath;
}
