import * as vscode from 'vscode';
import { defaultCacheDir } from '../../engine/onnx/cache-dir';
import { gigabytes } from '../../engine/onnx/gigabytes';
import { listImports, removeImport, type StoredImport } from '../../engine/onnx/import/list-imports';
import type { EngineKeeper } from './engine-keeper';

/** Lets the user choose imported models, which all windows share, and takes them off the disk. */
export async function removeImports(keeper: EngineKeeper): Promise<void> {
  const imports = await listImports(defaultCacheDir());
  if (imports.length === 0) {
    await vscode.window.showInformationMessage(vscode.l10n.t('No model is imported.'));
    return;
  }
  const items = imports.map((one) => ({
    label: `${one.name} · ${one.weights}`,
    description: [gigabytes(one.bytes), stateWord(one)].filter(Boolean).join(' · '),
    detail: one.source ?? one.dir,
    one,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Remove Imported Models'),
    placeHolder: vscode.l10n.t('Their checkpoints stay, and can be imported again'),
    canPickMany: true,
    matchOnDetail: true,
  });
  if (chosen === undefined || chosen.length === 0) return;
  // It holds its import, and nobody needs it now.
  if (keeper.state === 'idle') await keeper.unload();
  let freed = 0;
  const failures: string[] = [];
  for (const { one } of chosen) {
    try {
      await removeImport(one);
      freed += one.bytes;
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (failures.length > 0) await vscode.window.showErrorMessage(failures.join(' '));
  if (freed > 0) {
    await vscode.window.showInformationMessage(vscode.l10n.t('{0} are free again.', gigabytes(freed)));
  }
}

function stateWord({ state }: StoredImport): string {
  switch (state) {
    case 'whole':
      return '';
    case 'partial':
      return vscode.l10n.t('not finished');
    case 'damaged':
      return vscode.l10n.t('damaged');
  }
}
