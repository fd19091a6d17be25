import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { TraceKind } from '../../trace/trace';
import type { Pictures } from './pictures';
import { pickOne } from './quick-pick';

type SeveralKind = Exclude<TraceKind, 'single'>;
type Item = vscode.QuickPickItem & { readonly act: 'ask' | 'kind' | number };

/**
 * Shows several pictures in the order in which the model will see them, which can be changed, and what they are to one
 * another. More than `most` are not let through. Undefined if that is left.
 */
export function orderPictures(pictures: Pictures, most: number): Promise<Pictures | undefined> {
  const files = [...pictures.files];
  let kind: SeveralKind = pictures.kind === 'video' ? 'video' : 'multi-view';
  const up = { iconPath: new vscode.ThemeIcon('arrow-up'), tooltip: vscode.l10n.t('Earlier') };
  const down = { iconPath: new vscode.ThemeIcon('arrow-down'), tooltip: vscode.l10n.t('Later') };
  const out = { iconPath: new vscode.ThemeIcon('close'), tooltip: vscode.l10n.t('Leave Out') };
  const items = (): Item[] => [
    { ...askItem(files.length, most), act: 'ask', alwaysShow: true },
    {
      label: `$(arrow-swap) ${kindWord(kind)}`,
      description: vscode.l10n.t('change'),
      act: 'kind',
      alwaysShow: true,
    },
    ...files.map((file, i) => ({
      label: `${i + 1}. ${basename(file)}`,
      description: vscode.workspace.asRelativePath(dirname(file)),
      buttons: [
        ...(i > 0 ? [up] : []),
        ...(i < files.length - 1 ? [down] : []),
        ...(files.length > 1 ? [out] : []),
      ],
      act: i,
    })),
  ];
  return pickOne<Item, Pictures>(
    {
      title: vscode.l10n.t('Images in the Order in Which the Model Sees Them'),
      placeholder: vscode.l10n.t('Change the order with the buttons of an image, then ask'),
    },
    {
      update: (pick) => {
        const active = pick.activeItems[0]?.act ?? 'ask';
        pick.keepScrollPosition = true;
        pick.items = items();
        pick.activeItems = pick.items.filter(({ act }) => act === active);
      },
      accept: (pick) => {
        const act = pick.activeItems[0]?.act;
        if (act === 'ask' && files.length <= most)
          return { ...pictures, files, kind: files.length === 1 ? 'single' : kind };
        if (act === 'kind') kind = kind === 'video' ? 'multi-view' : 'video';
        pick.items = items();
        pick.activeItems = pick.items.filter((item) => item.act === act);
        return undefined;
      },
      press: (_, { act }, button) => {
        if (typeof act !== 'number') return;
        const [file] = files.splice(act, 1);
        if (file === undefined || button === out) return;
        files.splice(button === up ? act - 1 : act + 1, 0, file);
      },
    },
  );
}

function askItem(count: number, most: number): vscode.QuickPickItem {
  if (count <= most) return { label: `$(check) ${vscode.l10n.t('Ask about these {0} images', count)}` };
  return {
    label: `$(warning) ${tooMany(count, most)}`,
    detail: vscode.l10n.t('Leave out {0}.', count - most),
  };
}

/** Says that a run may have fewer images than these. */
export const tooMany = (count: number, most: number): string =>
  vscode.l10n.t(
    '{0} images are more than the {1} that a run may have ("vilasr.limits.maxImages")',
    count,
    most,
  );

function kindWord(kind: SeveralKind): string {
  return kind === 'video'
    ? vscode.l10n.t('They are frames of one video, in order of time')
    : vscode.l10n.t('They are views of one scene');
}
