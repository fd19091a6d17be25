import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { PixelService } from '../../image/pixel-service';
import type { InputImage } from '../../trace/trace';
import { PICTURE_ENDINGS } from '../ask/file-kinds';
import { limitsOf } from '../view/shown';
import type { TraceSource } from '../view/source';
import type { DataDocument } from './data-document';
import { readInput } from './read-input';

/**
 * Asks for picture files to be input images of the trace that is shown; null if none was chosen. Throws an error for people
 * where one cannot be read, or lies out of the folders that images of the data file may come from.
 */
export async function chooseImages(
  document: DataDocument,
  source: Pick<TraceSource, 'subject'>,
  pixels: Pick<PixelService, 'load'>,
  several: boolean,
): Promise<InputImage[] | null> {
  const subject = await source.subject();
  if (subject === null) throw new Error(vscode.l10n.t('There is no trace here.'));
  const { trace, locate } = subject;
  const [first] = trace.images;
  const beside = first && (await locate(first.path).then(dirname, () => null));
  const chosen = await vscode.window.showOpenDialog({
    canSelectMany: several,
    openLabel: several ? vscode.l10n.t('Add') : vscode.l10n.t('Replace'),
    title: several ? vscode.l10n.t('Images to Add') : vscode.l10n.t('Image to Put in Its Place'),
    filters: { [vscode.l10n.t('Images')]: [...PICTURE_ENDINGS] },
    defaultUri: vscode.Uri.file(beside ?? document.folder),
  });
  if (chosen === undefined) return null;
  const inputs: InputImage[] = [];
  for (const { fsPath } of chosen) {
    inputs.push(await readInput(fsPath, document, pixels, limitsOf(trace)));
  }
  return inputs;
}
