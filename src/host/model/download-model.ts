import * as vscode from 'vscode';
import { type DownloadProgress, downloadModel } from '../../engine/hub/download-model';
import { isRepo } from '../../engine/hub/hub-cache';
import { hubSettings } from '../../engine/hub/hub-settings';
import { cancellable } from '../cancellable';
import { requireTrust } from '../trust';
import { takeFolder } from './select-folder';
import type { SelectParts } from './select-parts';

/** Asks for the name of a model on the Hugging Face Hub, downloads it with progress, and makes it the selected one. */
export async function downloadAndSelect(parts: SelectParts): Promise<void> {
  if (!(await requireTrust())) return;
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Download Model'),
    prompt: vscode.l10n.t('Name of the model on the Hugging Face Hub, as in ORG/NAME or ORG/NAME@REVISION'),
    placeHolder: 'AntResearchNLP/ViLaSR',
    ignoreFocusOut: true,
    validateInput: (text) => {
      const [repo = ''] = text.trim().split('@');
      return isRepo(repo) ? null : vscode.l10n.t('Give a name of the form ORG/NAME.');
    },
  });
  if (name === undefined) return;
  const [repo = '', revision] = name.trim().split('@');
  const folder = await download(repo, revision);
  if (folder !== null) await takeFolder(folder, parts);
}

/** The folder of the checkpoint, or null if it was cancelled or failed; what came until then is not downloaded again. */
async function download(repo: string, revision: string | undefined): Promise<string | null> {
  const title = vscode.l10n.t('Downloading {0}', repo);
  try {
    return await cancellable(title, async (progress, signal) => {
      const settings = await hubSettings(proxySettings());
      let shown = '';
      const onProgress = (step: DownloadProgress) => {
        const message = describe(step);
        if (message !== shown) progress.report({ message });
        shown = message;
      };
      return downloadModel({
        ...{ repo, settings, onProgress, signal },
        ...(revision !== undefined && { revision }),
      });
    });
  } catch (error) {
    await vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    return null;
  }
}

/** VS Code's own: it does not know of the extension's requests. */
function proxySettings(): { proxy: string | null; noProxy: string[] } {
  const http = vscode.workspace.getConfiguration('http');
  const [proxy, noProxy] = [http.get<unknown>('proxy'), http.get<unknown>('noProxy')];
  return {
    proxy: typeof proxy === 'string' ? proxy : null,
    noProxy: Array.isArray(noProxy) ? noProxy.filter((rule) => typeof rule === 'string') : [],
  };
}

function describe(step: DownloadProgress): string {
  switch (step.phase) {
    case 'listing':
      return vscode.l10n.t('Asking the hub');
    case 'waiting':
      return vscode.l10n.t('Waiting for another window that downloads this model');
    case 'checking':
      return vscode.l10n.t('Checking what came of {0} before', step.file);
    case 'downloading': {
      const percent = step.total > 0 ? Math.floor((step.done / step.total) * 100) : 100;
      return vscode.l10n.t('{0} % of {1} GB', percent, (step.total / 1e9).toFixed(1));
    }
    case 'retrying':
      return vscode.l10n.t('{0} Trying again', step.why);
  }
}
