import * as vscode from 'vscode';

/** Writers write in pieces: one look a moment after the last of them. */
const SETTLE = 250;

/** Calls `onChange` when the file has been written, or made anew. */
export function watchFile(uri: vscode.Uri, onChange: () => void): vscode.Disposable {
  // A file's own name may hold what means something in a pattern.
  const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), '*.{json,jsonl}');
  const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, false, true);
  let timer: NodeJS.Timeout | undefined;
  const soon = (changed: vscode.Uri) => {
    if (changed.fsPath !== uri.fsPath) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLE);
  };
  watcher.onDidChange(soon);
  watcher.onDidCreate(soon);
  return {
    dispose: () => {
      clearTimeout(timer);
      watcher.dispose();
    },
  };
}
