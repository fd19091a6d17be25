import * as vscode from 'vscode';
import type { TraceSource } from '../view/source';
import type { DataDocument } from './data-document';
import type { ImageFolders } from './image-folders';

/**
 * Asks in which folder the images of a data file are, and remembers it: they are looked for there too from then on, and all
 * is shown anew. Says whether those of the trace that is shown are found now.
 */
export async function locateImages(
  document: DataDocument,
  source: Pick<TraceSource, 'subject'>,
  folders: ImageFolders,
): Promise<void> {
  if (!(await explainTrust())) return;
  const known = folders.of(document.path) ?? document.folder;
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: vscode.l10n.t('Look for Images Here'),
    title: vscode.l10n.t('Folder That the Image Paths of {0} Start From', document.title),
    defaultUri: vscode.Uri.file(known),
  });
  const folder = chosen?.[0];
  if (folder === undefined) return;
  await folders.remember(document.path, folder.fsPath);
  document.lookAgain();
  await sayWhetherFound(document, source, folder.fsPath);
}

/** In Restricted Mode, what choosing a folder allows. */
async function explainTrust(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const choose = vscode.l10n.t('Choose a Folder…');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('This window is in Restricted Mode.'),
    {
      modal: true,
      detail: vscode.l10n.t(
        'Images are read from the folder that you choose, for this data file alone. Links that lead out of it are not followed.',
      ),
    },
    choose,
  );
  return chosen === choose;
}

async function sayWhetherFound(
  document: DataDocument,
  source: Pick<TraceSource, 'subject'>,
  folder: string,
): Promise<void> {
  const trace = (await source.subject())?.trace;
  if (trace === undefined) return;
  const found = await Promise.all(trace.images.map(({ path }) => document.findImage(path)));
  const missing = found.flatMap((one) => ('file' in one ? [] : [one.message]));
  if (missing.length === 0) {
    const text = vscode.l10n.t('Images of {0} are looked for in {1} too.', document.title, folder);
    vscode.window.setStatusBarMessage(text, 5000);
    return;
  }
  void vscode.window.showWarningMessage(
    vscode.l10n.t(
      '{0} of {1} images of this trace are not found in {2} either. {3}',
      missing.length,
      found.length,
      folder,
      missing[0] ?? '',
    ),
  );
}
