import { copyFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { isInside } from '../../dataset/source/image-roots';
import type { PixelService } from '../../image/pixel-service';
import { writeTrace } from '../../trace/trace-line';
import type { ImageFolders } from '../files/image-folders';
import { requestAgain, requestOf, type Seed } from '../run/again';
import { requestContinued } from '../run/continued';
import type { Run, RunRequest } from '../run/run';
import { saveTrace } from '../run/save-trace';
import type { Settings } from '../settings';
import { requireTrust, whyNotRun } from '../trust';
import { chooseTraceFile } from './choose-trace-file';
import { fillNewFolder } from './new-folder';
import type { TraceSource } from './source';
import type { Subject, TraceImages } from './trace-images';
import { traceMarkdown } from './trace-markdown';
import type { TraceActions } from './trace-view';

export interface ActionParts {
  readonly settings: () => Settings;
  readonly images: TraceImages;
  readonly log: vscode.LogOutputChannel;
  readonly memory: vscode.Memento;
  /** Folders of the extension's own images: frames of videos, samples. */
  readonly own: readonly string[];
  readonly start: (request: RunRequest) => Run;
  readonly folders: ImageFolders;
  readonly pixels: Pick<PixelService, 'load'>;
}

/** What can be done with the trace of a view, by its buttons and by commands. */
export function traceActions({
  settings,
  images,
  log,
  memory,
  own,
  start,
  folders,
  pixels,
}: ActionParts): TraceActions {
  return {
    cannotRun: whyNotRun,
    again: async (source, seed) => {
      if (!(await requireTrust())) return;
      start(await askedAgain(source, seed, settings()));
    },
    continueFrom: async (source, turn) => {
      if (!(await requireTrust())) return;
      const { trace, locate } = await subjectOf(source);
      const files = await Promise.all(trace.images.map(({ path }) => locate(path)));
      start(requestContinued(trace, turn, files, settings()));
    },
    save: async (source) => {
      const { trace } = await subjectOf(source);
      const out = await chooseTraceFile(memory);
      if (out === undefined) return null;
      await saveTrace(trace, out, own);
      return out;
    },
    canLocate: (source) => source.document !== null,
    locateImages: async (source) => {
      if (source.document === null) return;
      const { locateImages } = await import('../files/locate-images');
      await locateImages(source.document, source, folders);
    },
    chooseImages: async (source, several) => {
      if (source.document === null) return null;
      const { chooseImages } = await import('../files/choose-images');
      return chooseImages(source.document, source, pixels, several);
    },
    copy: async (source, as) => {
      const { trace } = await subjectOf(source);
      await vscode.env.clipboard.writeText(as === 'json' ? writeTrace(trace) : traceMarkdown(trace));
    },
    exportImages: async (source) => exportImages(await subjectOf(source), images, own),
    showLog: () => log.show(),
  };
}

async function subjectOf(source: TraceSource): Promise<Subject> {
  const subject = await source.subject();
  if (subject === null) throw new Error(vscode.l10n.t('There is no trace here.'));
  return subject;
}

/** A run of this window asks the model that it asked before; any other trace the one that is chosen now. */
async function askedAgain(source: TraceSource, seed: Seed, settings: Settings): Promise<RunRequest> {
  if (source.run !== null) return requestAgain(source.run.request, seed, settings);
  const { trace, locate } = await subjectOf(source);
  const files = await Promise.all(trace.images.map(({ path }) => locate(path)));
  return requestAgain(requestOf(trace, files, settings), seed, settings);
}

/** Writes the images to a new folder, in one of the user's choice: names such as `image-1.png` may be in use there. */
async function exportImages(
  subject: Subject,
  images: TraceImages,
  own: readonly string[],
): Promise<string | null> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: vscode.l10n.t('Export Images Here'),
    title: vscode.l10n.t('Folder in Which to Make One for the Images as the Model Saw Them'),
    defaultUri: vscode.Uri.file(await folderFor(subject, own)),
  });
  const parent = chosen?.[0];
  if (parent === undefined) return null;
  const { lineage, trace } = subject;
  const title = vscode.l10n.t('Exporting {0} images', lineage.length);
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) =>
    fillNewFolder(parent.fsPath, trace.id, async (folder) => {
      for (const { number } of lineage) {
        if (token.isCancellationRequested) return false;
        const { path } = await images.get(subject, number, 'seen');
        await copyFile(path, join(folder, `image-${number}.png`));
        progress.report({ increment: 100 / lineage.length });
      }
      return true;
    }),
  );
}

/** Where the dialog begins: beside the first picture, unless that is the extension's own or out of bounds. */
async function folderFor({ trace, locate }: Subject, own: readonly string[]): Promise<string> {
  const fallback = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir();
  const [first] = trace.images;
  const file = first === undefined ? null : await locate(first.path).catch(() => null);
  return file === null || own.some((folder) => isInside(file, folder)) ? fallback : dirname(file);
}
