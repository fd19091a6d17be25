import { basename } from 'node:path';
import * as vscode from 'vscode';
import { checkModel, type ModelCheck } from '../../engine/onnx/check-model';
import { changeSettings } from '../config';
import { requireTrust } from '../trust';
import type { ModelChoice, ModelSource } from './model-choice';
import type { SelectParts } from './select-parts';
import { selectServer } from './select-server';

/** Lets the user choose among the bundled model, a checkpoint folder and a server, and makes the choice ready. */
export async function selectModel(parts: SelectParts): Promise<void> {
  if (!(await requireTrust())) return;
  const { model } = parts.settings();
  const item = await vscode.window.showQuickPick(sourceItems(model), {
    title: vscode.l10n.t('Select Model'),
    placeHolder: vscode.l10n.t('Which model shall answer?'),
    // The view of a run that opens takes the focus.
    ignoreFocusOut: true,
  });
  switch (item?.source) {
    case 'bundled':
      await changeSettings({ 'model.source': 'bundled' });
      break;
    case 'folder':
      await selectFolder(parts);
      break;
    case 'server':
      await selectServer(parts);
      break;
    case undefined:
  }
}

type SourceItem = vscode.QuickPickItem & { readonly source: ModelSource };

function sourceItems({ source, folder, server }: ModelChoice): SourceItem[] {
  const items: SourceItem[] = [
    {
      label: `$(package) ${vscode.l10n.t('Bundled model')}`,
      detail: vscode.l10n.t('Small and at hand. Knows mazes and coloured shapes only.'),
      source: 'bundled',
    },
    {
      label: `$(folder) ${vscode.l10n.t('Checkpoint folder…')}`,
      detail: vscode.l10n.t('A folder of Qwen2.5-VL architecture, such as ViLaSR-7B. Runs on this machine.'),
      ...(folder !== '' && { description: folder }),
      source: 'folder',
    },
    {
      label: `$(server) ${vscode.l10n.t('Server…')}`,
      detail: vscode.l10n.t(
        'Any OpenAI-compatible server: vLLM, llama-server, LM Studio, transformers serve.',
      ),
      ...(server.url !== '' && { description: server.url }),
      source: 'server',
    },
  ];
  return items.map((item) =>
    item.source === source
      ? { ...item, description: [item.description, vscode.l10n.t('selected')].filter(Boolean).join(' · ') }
      : item,
  );
}

async function selectFolder({ settings, prepare }: SelectParts): Promise<void> {
  const uris = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: vscode.l10n.t('Use This Checkpoint'),
    title: vscode.l10n.t('Folder of the Checkpoint'),
  });
  const folder = uris?.[0]?.fsPath;
  if (folder === undefined) return;
  const check = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Checking {0}', basename(folder)),
    },
    () => checkModel(folder),
  );
  if (!check.runs) {
    await vscode.window.showErrorMessage(check.problem ?? vscode.l10n.t('{0} cannot be run here.', folder));
    return;
  }
  const choice: ModelChoice = { ...settings().model, source: 'folder', folder };
  if (!(await importModel(choice, check, prepare))) return;
  await changeSettings({ 'model.folder': folder, 'model.source': 'folder' });
}

/** False if it was cancelled or failed; what was imported until then is not done again. */
async function importModel(
  choice: ModelChoice,
  { model, formats }: ModelCheck,
  prepare: SelectParts['prepare'],
): Promise<boolean> {
  const size = model === null ? '' : ` (${(model.bytes / 1e9).toFixed(1)} GB)`;
  const isNew = formats !== null && !formats.fp32.imported && !formats.int8.imported;
  const title = isNew
    ? vscode.l10n.t('Importing {0}', basename(choice.folder) + size)
    : vscode.l10n.t('Opening {0}', basename(choice.folder));
  const location = vscode.ProgressLocation.Notification;
  try {
    return await vscode.window.withProgress(
      { location, title, cancellable: true },
      async (progress, token) => {
        const abort = new AbortController();
        token.onCancellationRequested(() => abort.abort());
        try {
          await prepare(choice, (message) => progress.report({ message }), abort.signal);
          return true;
        } catch (error) {
          if (abort.signal.aborted) return false;
          throw error;
        }
      },
    );
  } catch (error) {
    await vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    return false;
  }
}
