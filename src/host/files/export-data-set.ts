import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { dataSetName } from '../../dataset/export/data-set-name';
import { EditedItems } from '../../dataset/export/edited-items';
import { exportData } from '../../dataset/export/export-data';
import { type ExportFormat, saysPrompts } from '../../dataset/export/export-target';
import type { Manifest } from '../../dataset/export/manifest';
import { NewFolder } from '../../dataset/export/new-folder';
import { openTarget } from '../../dataset/export/open-target';
import { readOverlay } from '../../dataset/export/read-overlay';
import type { ExportChoice } from '../../dataset/export/verdict-tally';
import { findProfile, TEACHER } from '../../dataset/read-profile';
import { openDataSource } from '../../dataset/source/open-source';
import type { StartIndex } from '../../dataset/source/start-index';
import type { ImageRenderer } from '../../image/render';
import { defaultProfile } from '../../reason/default-profile';
import { profileHash } from '../../reason/profile';
import { cancellable } from '../cancellable';
import type { DataDocument } from './data-document';

export interface ExportParts {
  readonly pixels: ImageRenderer;
  readonly startIndex: StartIndex;
  /** File of the prompt profile that is set; empty for the built-in one. */
  readonly profilePath: () => string;
}

/** Writes a data file with its saved edits as a new data set, in a form and a folder of the user's choice. */
export async function exportDataSet(document: DataDocument, parts: ExportParts): Promise<void> {
  if (!(await areEditsSaved(document))) return;
  const format = await chooseFormat();
  if (format === undefined) return;
  const choice = await chooseTraces(document);
  if (choice === undefined) return;
  const parent = await chooseFolder(document);
  if (parent === undefined) return;
  const out = unusedPath(join(parent, `${dataSetName(document.path)}-${format}`));
  const title = vscode.l10n.t('Exporting {0}', document.title);
  const manifest = await cancellable(title, (progress, signal) =>
    write(document, { format, choice, out, signal, progress }, parts),
  );
  if (manifest !== null) await tellOutcome(manifest, out);
}

async function areEditsSaved(document: DataDocument): Promise<boolean> {
  if (document.unsaved === 0) return true;
  const save = vscode.l10n.t('Save and Export');
  const message = vscode.l10n.t(
    '{0} has edits that are not saved. Only saved edits are exported.',
    document.title,
  );
  if ((await vscode.window.showWarningMessage(message, { modal: true }, save)) !== save) return false;
  await vscode.workspace.save(vscode.Uri.file(document.path));
  return document.unsaved === 0;
}

async function chooseFormat(): Promise<ExportFormat | undefined> {
  const items: (vscode.QuickPickItem & { readonly format: ExportFormat })[] = [
    {
      label: vscode.l10n.t('LLaMA-Factory'),
      detail: vscode.l10n.t('Conversations with their images and dataset_info.json, to train on.'),
      format: 'llamafactory',
    },
    {
      label: vscode.l10n.t('Hugging Face'),
      detail: vscode.l10n.t('A parquet file with conversations, images, scores and verdicts, and its card.'),
      format: 'huggingface',
    },
    {
      label: vscode.l10n.t('verl'),
      detail: vscode.l10n.t(
        'Questions for reinforcement learning, with the reward and the loop in which the model draws and looks.',
      ),
      format: 'verl',
    },
    {
      label: vscode.l10n.t('EasyR1'),
      detail: vscode.l10n.t('Questions for reinforcement learning in a single turn, with the reward.'),
      format: 'easyr1',
    },
    {
      label: vscode.l10n.t('Trace file'),
      detail: vscode.l10n.t(
        'A *.traces.jsonl file with its pictures. Traces without edits keep their bytes.',
      ),
      format: 'traces',
    },
  ];
  const title = vscode.l10n.t('Export Data Set');
  return (await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true }))?.format;
}

/** All, unasked, where nobody judged any. */
async function chooseTraces(document: DataDocument): Promise<ExportChoice | undefined> {
  const { judged, approved } = await document.verdictCounts();
  if (judged === 0) return 'all';
  const { count, counting } = document.counts;
  const items: (vscode.QuickPickItem & { readonly choice: ExportChoice })[] = [
    {
      label: vscode.l10n.t('Approved traces only'),
      description: String(approved),
      detail: vscode.l10n.t('Those that were not edited since they were approved.'),
      choice: 'approved',
    },
    {
      label: vscode.l10n.t('All traces'),
      description: counting ? `${count}…` : String(count),
      detail: vscode.l10n.t('Whatever the verdicts on them.'),
      choice: 'all',
    },
  ];
  const title = vscode.l10n.t('Export Which Traces?');
  return (await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true }))?.choice;
}

async function chooseFolder({ path }: DataDocument): Promise<string | undefined> {
  const uris = await vscode.window.showOpenDialog({
    ...{ canSelectFiles: false, canSelectFolders: true },
    title: vscode.l10n.t('The Data Set Gets a Folder of Its Own in This One'),
    openLabel: vscode.l10n.t('Export Here'),
    defaultUri: vscode.Uri.file(dirname(path)),
  });
  return uris?.[0]?.fsPath;
}

function unusedPath(path: string): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? path : `${path}-${number}`;
    if (!existsSync(candidate)) return candidate;
  }
}

interface Order {
  readonly format: ExportFormat;
  readonly choice: ExportChoice;
  readonly out: string;
  readonly signal: AbortSignal;
  readonly progress: vscode.Progress<{ message: string }>;
}

async function write(
  document: DataDocument,
  { format, choice, out, signal, progress }: Order,
  { pixels, startIndex, profilePath }: ExportParts,
): Promise<Manifest> {
  const { path } = document;
  const chosen = profilePath();
  // Whom a teacher's traces train is told what a trained model is.
  const profile = chosen === '' || chosen === TEACHER ? defaultProfile : await findProfile(chosen);
  const source = await openDataSource(path, { startIndex });
  try {
    const { overlay, record } = await readOverlay(path);
    const folder = await NewFolder.create(out);
    try {
      const name = dataSetName(path);
      const target = await openTarget(format, {
        ...{ folder, name, profile, renderer: pixels, mode: 'copy' },
        fromTraces: source.format === 'traces',
        locate: (image) => document.findImage(image),
      });
      return await exportData(new EditedItems(source, overlay, choice), {
        ...{ format, folder, target, signal, overlay: record, skipMissing: false },
        profile: saysPrompts(format) ? profileHash(profile) : null,
        onProgress: (done, total) =>
          progress.report({
            message: total === null ? String(done) : vscode.l10n.t('{0} of {1}', done, total),
          }),
      });
    } finally {
      await folder.discard();
    }
  } finally {
    await source.close();
  }
}

async function tellOutcome({ counts, overlay }: Manifest, out: string): Promise<void> {
  const message = vscode.l10n.t('{0} of {1} traces are in {2}.', counts.written, counts.read, basename(out));
  const missed = counts.leftOut + (overlay?.notApplied.length ?? 0);
  const rest =
    missed === 0 ? '' : ` ${vscode.l10n.t('What was left out, and why, is in its manifest.json.')}`;
  const open = vscode.l10n.t('Open Manifest');
  const chosen = await vscode.window.showInformationMessage(message + rest, open);
  if (chosen === open) await vscode.window.showTextDocument(vscode.Uri.file(join(out, 'manifest.json')));
}
