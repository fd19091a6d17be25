import * as vscode from 'vscode';
import { checkModel, type ModelCheck } from '../../engine/onnx/check-model';
import { checkpointName } from '../../engine/onnx/checkpoint/checkpoint-name';
import { cancellable } from '../cancellable';
import { changeSettings } from '../config';
import { chooseFormat } from './choose-format';
import type { ModelChoice } from './model-choice';
import type { SelectParts } from './select-parts';

/** Lets the user choose a checkpoint folder, and makes its model ready. */
export async function selectFolder(parts: SelectParts): Promise<void> {
  const uris = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: vscode.l10n.t('Use This Checkpoint'),
    title: vscode.l10n.t('Folder of the Checkpoint'),
  });
  const folder = uris?.[0]?.fsPath;
  if (folder !== undefined) await takeFolder(folder, parts);
}

/** Checks a checkpoint folder, asks how its weights shall be held, imports it, and makes it the selected model. */
export async function takeFolder(folder: string, { settings, prepare }: SelectParts): Promise<void> {
  const check = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Checking {0}', checkpointName(folder)),
    },
    () => checkModel(folder),
  );
  if (!check.runs || check.formats === null) {
    await vscode.window.showErrorMessage(check.problem ?? vscode.l10n.t('{0} cannot be run here.', folder));
    return;
  }
  const { model } = settings();
  const chosen = await chooseFormat(checkpointName(folder), check, check.formats, model.weights);
  if (chosen === undefined) return;
  const choice: ModelChoice = { ...model, source: 'folder', folder, weights: chosen };
  if (!(await importModel(choice, check, prepare))) return;
  await changeSettings({
    'model.folder': folder,
    'model.source': 'folder',
    ...(chosen !== model.weights && { 'model.weights': chosen ?? 'auto' }),
  });
}

/** False if it was cancelled or failed; what was imported until then is not done again. */
async function importModel(
  choice: ModelChoice,
  { model, formats, usual }: ModelCheck,
  prepare: SelectParts['prepare'],
): Promise<boolean> {
  const size = model === null ? '' : ` (${(model.bytes / 1e9).toFixed(1)} GB)`;
  const format = choice.weights ?? usual;
  const isNew = format !== null && formats !== null && !formats[format].imported;
  const name = checkpointName(choice.folder);
  const title = isNew ? vscode.l10n.t('Importing {0}', name + size) : vscode.l10n.t('Opening {0}', name);
  try {
    const done = await cancellable(title, async (progress, signal) => {
      await prepare(choice, (message) => progress.report({ message }), signal);
      return true;
    });
    return done ?? false;
  } catch (error) {
    await vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    return false;
  }
}
