import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isPicture, PICTURE_ENDINGS, VIDEO_ENDINGS } from './file-kinds';
import type { Sample } from './samples';

/** What somebody wants to ask about who has not said it yet. */
export type Subject =
  | { readonly type: 'files'; readonly uris: readonly vscode.Uri[] }
  | { readonly type: 'sample'; readonly sample: Sample };

type Item = vscode.QuickPickItem & { readonly choose?: () => Promise<Subject | undefined> };

/** Offers the picture that is open, files on the disk, and samples. Undefined if that is left. */
export async function chooseSubject(samples: readonly Sample[]): Promise<Subject | undefined> {
  const open = openPicture();
  const items: Item[] = [
    ...(open === null
      ? []
      : [
          {
            label: `$(file-media) ${basename(open.path)}`,
            description: vscode.l10n.t('open now'),
            choose: async (): Promise<Subject> => ({ type: 'files', uris: [open] }),
          },
        ]),
    { label: `$(files) ${vscode.l10n.t('Images…')}`, choose: () => browse('images') },
    { label: `$(folder) ${vscode.l10n.t('A Folder of Frames…')}`, choose: () => browse('folder') },
    { label: `$(device-camera-video) ${vscode.l10n.t('A Video…')}`, choose: () => browse('video') },
    ...(samples.length === 0 ? [] : [samplesSeparator()]),
    ...samples.map((sample) => ({
      label: `$(beaker) ${sample.question.text}`,
      description: basename(sample.file),
      choose: async (): Promise<Subject> => ({ type: 'sample', sample }),
    })),
  ];
  const item = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Ask About'),
    placeHolder: vscode.l10n.t('What do you want to ask about?'),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  return item?.choose?.();
}

/** Offers the samples alone. */
export async function chooseSample(samples: readonly Sample[]): Promise<Sample | undefined> {
  const item = await vscode.window.showQuickPick(
    samples.map((sample) => ({
      label: sample.question.text,
      description: basename(sample.file),
      detail: sample.question.options.join('   '),
      sample,
    })),
    // A view that gets the focus back from the palette would close it otherwise.
    { title: vscode.l10n.t('Ask About a Sample'), ignoreFocusOut: true },
  );
  return item?.sample;
}

const samplesSeparator = (): Item => ({
  label: vscode.l10n.t('Samples'),
  kind: vscode.QuickPickItemKind.Separator,
});

/** The picture in the active editor, if there is one. */
function openPicture(): vscode.Uri | null {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const shows = input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText;
  return shows && isPicture(input.uri.path) ? input.uri : null;
}

async function browse(what: 'images' | 'folder' | 'video'): Promise<Subject | undefined> {
  const filters: Record<string, string[]> =
    what === 'images'
      ? { [vscode.l10n.t('Images')]: [...PICTURE_ENDINGS] }
      : what === 'video'
        ? { [vscode.l10n.t('Videos')]: [...VIDEO_ENDINGS] }
        : {};
  const uris = await vscode.window.showOpenDialog({
    canSelectFiles: what !== 'folder',
    canSelectFolders: what === 'folder',
    canSelectMany: what === 'images',
    openLabel: vscode.l10n.t('Ask About'),
    ...(what !== 'folder' && { filters }),
  });
  return uris === undefined || uris.length === 0 ? undefined : { type: 'files', uris };
}
