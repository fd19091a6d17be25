import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Trace } from '../../trace/trace';
import { writeTrace } from '../../trace/trace-line';
import { requestAgain, requestOf, type Seed } from '../run/again';
import type { Run, RunRequest } from '../run/run';
import { saveTrace } from '../run/save-trace';
import type { Settings } from '../settings';
import { requireTrust, whyNotRun } from '../trust';
import { chooseTraceFile } from './choose-trace-file';
import type { TraceSource } from './source';
import type { Subject, TraceImages } from './trace-images';
import { traceMarkdown } from './trace-markdown';
import type { TraceActions } from './trace-view';

export interface ActionParts {
  readonly settings: () => Settings;
  readonly images: TraceImages;
  readonly log: vscode.LogOutputChannel;
  readonly memory: vscode.Memento;
  /** Folder of the extension's own images, such as frames of videos. */
  readonly storage: string;
  readonly start: (request: RunRequest) => Run;
}

/** What can be done with the trace of a view, by its buttons and by commands. */
export function traceActions({ settings, images, log, memory, storage, start }: ActionParts): TraceActions {
  return {
    cannotRun: whyNotRun,
    again: async (source, seed) => {
      if (!(await requireTrust())) return;
      start(await askedAgain(source, seed, settings()));
    },
    save: async (source) => {
      const { trace } = await subjectOf(source);
      const out = await chooseTraceFile(memory);
      if (out === undefined) return null;
      await saveTrace(trace, out, storage);
      return out;
    },
    copy: async (source, as) => {
      const { trace } = await subjectOf(source);
      await vscode.env.clipboard.writeText(as === 'json' ? writeTrace(trace) : traceMarkdown(trace));
    },
    exportImages: async (source) => exportImages(await subjectOf(source), images),
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

async function exportImages(subject: Subject, images: TraceImages): Promise<string | null> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: vscode.l10n.t('Export Images Here'),
    title: vscode.l10n.t('Folder for the Images as the Model Saw Them'),
    defaultUri: vscode.Uri.file(defaultFolder(subject.trace)),
  });
  const folder = chosen?.[0];
  if (folder === undefined) return null;
  const { lineage } = subject;
  const title = vscode.l10n.t('Exporting {0} images', lineage.length);
  const location = vscode.ProgressLocation.Notification;
  const done = await vscode.window.withProgress(
    { location, title, cancellable: true },
    async (progress, token) => {
      for (const { number } of lineage) {
        if (token.isCancellationRequested) return false;
        const { path } = await images.get(subject, number, 'seen');
        const out = vscode.Uri.joinPath(folder, `image-${number}.png`);
        await vscode.workspace.fs.copy(vscode.Uri.file(path), out, { overwrite: true });
        progress.report({ increment: 100 / lineage.length });
      }
      return true;
    },
  );
  return done ? folder.fsPath : null;
}

function defaultFolder({ images }: Trace): string {
  const { workspaceFolders } = vscode.workspace;
  const path = images[0]?.path ?? '';
  return workspaceFolders?.[0]?.uri.fsPath ?? dirname(join('/', basename(path)));
}
