import * as vscode from 'vscode';
import { changeSettings } from '../config';
import { requireTrust } from '../trust';
import type { ModelChoice, ModelSource } from './model-choice';
import { selectFolder } from './select-folder';
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
    case 'download': {
      const { downloadAndSelect } = await import('./download-model');
      await downloadAndSelect(parts);
      break;
    }
    case undefined:
  }
}

type SourceItem = vscode.QuickPickItem & { readonly source: ModelSource | 'download' };

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
      label: `$(cloud-download) ${vscode.l10n.t('Download…')}`,
      detail: vscode.l10n.t('A checkpoint from the Hugging Face Hub, by name. Runs on this machine.'),
      source: 'download',
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
