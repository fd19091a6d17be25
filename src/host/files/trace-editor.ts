import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Edit, Unrestored } from '../../dataset/overlay/edit-session';
import type { StartIndex } from '../../dataset/source/start-index';
import type { StartTable } from '../../dataset/table/start-table';
import type { OpenViews } from '../view/open-views';
import type { AcceptedMarks } from './accepted-marks';
import type { Backups } from './backups';
import type { DataDocument } from './data-document';
import type { ImageFolders } from './image-folders';
import type { OpenDataFile } from './open-data-file';
import type { FileProblems, Problems } from './problems';
import { saveEdits } from './save-edits';

/** View types of the editor: for trace files by itself, for any other data file where it is chosen. */
export const TRACE_EDITORS = ['vilasr.traces', 'vilasr.data'] as const;

/** A file of another kind of place, as a version that Git keeps, is read whole. */
const MOST_BYTES_ELSEWHERE = 64 << 20;

export interface EditorParts {
  readonly views: OpenViews;
  /** Folder for copies of files that are on no disk. */
  readonly copies: string;
  /** Where unsaved edits are kept until they are saved. */
  readonly backups: Backups;
  readonly startIndex: StartIndex;
  readonly startTable: StartTable;
  readonly accepted: AcceptedMarks;
  readonly problems: Problems;
  readonly folders: ImageFolders;
}

/**
 * Shows and edits data files, however large, in trace views. Edits go to a file beside them; they are never written. Each
 * view type needs an editor of its own: VS Code takes what one says of its documents for documents of that type.
 */
export class TraceEditor implements vscode.CustomEditorProvider<OpenDataFile> {
  /** Edits, which can be undone, and word that a document has something to save whatever VS Code makes of its edits. */
  private readonly change = new vscode.EventEmitter<vscode.CustomDocumentContentChangeEvent<OpenDataFile>>();
  readonly onDidChangeCustomDocument = this.change.event;
  private readonly problems = new WeakMap<OpenDataFile, FileProblems>();

  constructor(
    private readonly type: (typeof TRACE_EDITORS)[number],
    private readonly parts: EditorParts,
  ) {}

  async openCustomDocument(
    uri: vscode.Uri,
    { backupId }: vscode.CustomDocumentOpenContext,
  ): Promise<OpenDataFile> {
    const { startIndex, startTable, accepted, folders } = this.parts;
    const isOnDisk = uri.scheme === 'file';
    const path = isOnDisk ? uri.fsPath : await this.copy(uri);
    const folder = dirname(uri.fsPath);
    // Most of what the extension knows is about data files: it is loaded with the first.
    const { OpenDataFile: DataFile } = await import('./open-data-file');
    const open: OpenDataFile = await DataFile.open(uri, {
      options: {
        ...{ path, folder, startIndex, accepted, title: basename(uri.path) },
        roots: () => openRoots(folder, folders.of(path)),
        otherwise: /\.traces\.jsonl$/i.test(uri.path) ? 'traces' : null,
        who: isOnDisk ? userInfo().username : null,
      },
      startTable,
      onEdit: (edit) => this.tellEdit(open, edit),
      cleanUp: () => void (isOnDisk || rm(path, { force: true })),
    });
    this.problems.set(open, this.parts.problems.follow(open, this.type));
    if (backupId !== undefined) {
      await this.restore(uri, open.document, backupId);
      open.wasRestored = true;
    }
    return open;
  }

  resolveCustomEditor(open: OpenDataFile, panel: vscode.WebviewPanel): void {
    const source = open.source();
    this.parts.views.open(panel, source);
    this.problems.get(open)?.add(source, panel);
    if (!open.wasRestored) return;
    open.wasRestored = false;
    // Edits of the window before are none that VS Code knows of.
    this.keepDirty(open);
  }

  async saveCustomDocument(open: OpenDataFile): Promise<void> {
    await saveEdits(open.document);
    // What was edited while it was saved is not: VS Code takes all for saved when this is answered.
    setImmediate(() => this.keepDirty(open));
  }

  async saveCustomDocumentAs(
    { document }: OpenDataFile,
    destination: vscode.Uri,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    if (destination.scheme !== 'file') {
      throw new Error(
        vscode.l10n.t('{0} is not on a disk of this machine. Choose a file that is.', destination.toString()),
      );
    }
    const { writeEdited } = await import('./write-edited');
    const leftOut = await writeEdited(document, destination.fsPath, abort.signal);
    const [first] = leftOut;
    if (first === undefined) return;
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        '{0} items of {1} are no traces, and were left out of {2}. The first, in line {3}: {4}',
        leftOut.length,
        document.title,
        basename(destination.fsPath),
        first.line,
        first.reason,
      ),
    );
  }

  revertCustomDocument({ document }: OpenDataFile): Promise<void> {
    return document.revert();
  }

  backupCustomDocument({ uri, document }: OpenDataFile): Promise<vscode.CustomDocumentBackup> {
    return this.parts.backups.write(this.nameOf(uri), document.backup());
  }

  /** Makes the unsaved edits of a window that was closed again, and says which of them cannot be made. */
  private async restore(uri: vscode.Uri, document: DataDocument, backup: string): Promise<void> {
    let content: string;
    try {
      content = await this.parts.backups.takeUp(this.nameOf(uri), backup);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const message = vscode.l10n.t('Unsaved edits of {0} are lost: {1}', document.title, why);
      void vscode.window.showErrorMessage(message);
      return;
    }
    await tellUnrestored(document, backup, await document.restore(content));
  }

  private nameOf(uri: vscode.Uri): string {
    return `${this.type} ${uri}`;
  }

  private tellEdit(open: OpenDataFile, { label, undo, redo }: Edit): void {
    /** One that cannot be taken back counts as taken back for VS Code all the same. */
    const orDirty = (work: () => Promise<void>) => () =>
      work().catch((error: unknown) => {
        this.keepDirty(open);
        throw error;
      });
    const event: vscode.CustomDocumentEditEvent<OpenDataFile> = {
      ...{ document: open, label, undo: orDirty(undo), redo: orDirty(redo) },
    };
    this.change.fire(event);
  }

  /** VS Code counts edits to know whether there is something to save; where it may count wrong it is told. */
  private keepDirty(open: OpenDataFile): void {
    if (open.document.unsaved > 0) this.change.fire({ document: open });
  }

  private async copy(uri: vscode.Uri): Promise<string> {
    const bytes = await vscode.workspace.fs.readFile(uri);
    if (bytes.length > MOST_BYTES_ELSEWHERE) {
      throw new Error(vscode.l10n.t('{0} is too large to be read where it is. Save it to a disk.', uri.path));
    }
    await mkdir(this.parts.copies, { recursive: true });
    const path = join(this.parts.copies, `${randomUUID()}-${basename(uri.path)}`);
    await writeFile(path, bytes);
    return path;
  }
}

/** Keeps a copy of a backup of which something cannot be made again, and says so. */
async function tellUnrestored(
  document: DataDocument,
  backup: string,
  unrestored: readonly Unrestored[],
): Promise<void> {
  const [first] = unrestored;
  if (first === undefined) return;
  const kept = `${backup}.${Date.now()}.lost`;
  await copyFile(backup, kept);
  void vscode.window.showWarningMessage(
    vscode.l10n.t(
      '{0} unsaved edits of {1} could not be restored. The first: {2} All are kept in {3}.',
      unrestored.length,
      document.title,
      first.reason,
      kept,
    ),
  );
}

/** The folders that the user opened: the file's own, those of the workspace, and the one that was said to have its images. */
function openRoots(folder: string, images: string | null): { roots: string[]; followLinks: boolean } {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return {
    roots: [folder, ...folders.map(({ uri }) => uri.fsPath), ...(images === null ? [] : [images])],
    followLinks: vscode.workspace.isTrusted,
  };
}
