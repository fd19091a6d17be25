import * as vscode from 'vscode';
import { WEIGHT_FORMATS, type WeightFormat } from '../../engine/engine';
import type { FormatNeeds, ModelCheck } from '../../engine/onnx/check-model';
import { gigabytes } from '../../engine/onnx/gigabytes';

type FormatItem = vscode.QuickPickItem & { readonly weights: WeightFormat | null };

/**
 * Asks how the weights of a model shall be held, with what each format takes. Null is what memory allows, undefined nothing:
 * the user went away. `current` is what the settings say.
 */
export async function chooseFormat(
  name: string,
  { usual, free }: Pick<ModelCheck, 'usual' | 'free'>,
  formats: NonNullable<ModelCheck['formats']>,
  current: WeightFormat | null,
): Promise<WeightFormat | null | undefined> {
  const auto: FormatItem = {
    label: vscode.l10n.t('What memory allows'),
    description: usual ?? '',
    detail: vscode.l10n.t(
      'Free now: {0} of memory, {1} of disk',
      gigabytes(free.memory),
      gigabytes(free.disk),
    ),
    weights: null,
  };
  const items = WEIGHT_FORMATS.map((weights) => itemOf(weights, formats[weights]));
  // The first one is taken with Enter: what the settings say, where that fits.
  const isCurrent = ({ weights }: FormatItem) =>
    weights !== null && weights === current && formats[weights].fits;
  const all = usual === null ? items : [auto, ...items];
  const item = await vscode.window.showQuickPick(
    [...all.filter(isCurrent), ...all.filter((one) => !isCurrent(one))],
    {
      title: vscode.l10n.t('How to Hold the Weights of {0}', name),
      placeHolder: vscode.l10n.t('Memory and disk that each format takes'),
      ignoreFocusOut: true,
    },
  );
  return item?.weights;
}

function itemOf(weights: WeightFormat, { memory, disk, imported, fits }: FormatNeeds): FormatItem {
  const needs = imported
    ? vscode.l10n.t('{0} of memory, imported already', gigabytes(memory.total))
    : vscode.l10n.t('{0} of memory, {1} of disk', gigabytes(memory.total), gigabytes(disk));
  return {
    label: weights,
    description: fits ? needs : `${needs} · ${vscode.l10n.t('too much')}`,
    detail: wordsOf(weights),
    weights,
  };
}

function wordsOf(weights: WeightFormat): string {
  switch (weights) {
    case 'fp32':
      return vscode.l10n.t('Exact.');
    case 'fp16':
      return vscode.l10n.t('Nearly exact, and slow on a processor.');
    case 'int8':
      return vscode.l10n.t('Nearly exact.');
    case 'int4':
      return vscode.l10n.t('The least memory, and coarser.');
  }
}
