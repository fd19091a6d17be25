import * as vscode from 'vscode';

type Progress = vscode.Progress<{ message?: string; increment?: number }>;

/** Does work under a notification that lets the user cancel it; null if they did. Throws what else `work` throws. */
export async function cancellable<T>(
  title: string,
  work: (progress: Progress, signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    try {
      return await work(progress, abort.signal);
    } catch (error) {
      if (abort.signal.aborted) return null;
      throw error;
    }
  });
}
