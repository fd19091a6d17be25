import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { OpenViews } from '../view/open-views';
import { FileSource } from './file-source';
import { TraceDocument } from './trace-document';

/** View type of the editor of trace files. */
export const TRACE_EDITOR = 'vilasr.traces';

/** A file of another kind of place, as a version that Git keeps, is read whole. */
const MOST_BYTES_ELSEWHERE = 64 << 20;

/** Writers write in pieces: one look a moment after the last of them. */
const SETTLE = 250;

/** A trace file that is open in one editor or more. */
class OpenTraceFile implements vscode.CustomDocument {
  constructor(
    readonly uri: vscode.Uri,
    readonly document: TraceDocument,
    private readonly disposables: readonly vscode.Disposable[],
  ) {}

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
    void this.document.close();
  }
}

/** Shows `*.traces.jsonl` files, however large, in trace views. Nothing is written to them. */
export class TraceEditor implements vscode.CustomReadonlyEditorProvider<OpenTraceFile> {
  constructor(
    private readonly views: OpenViews,
    /** Folder for copies of files that are on no disk. */
    private readonly copies: string,
  ) {}

  async openCustomDocument(uri: vscode.Uri): Promise<OpenTraceFile> {
    const onDisk = uri.scheme === 'file';
    const path = onDisk ? uri.fsPath : await this.copy(uri);
    const document = new TraceDocument(path, basename(uri.path), dirname(uri.fsPath));
    await document.open();
    const cleanUp = onDisk ? watch(uri, document) : { dispose: () => void rm(path, { force: true }) };
    return new OpenTraceFile(uri, document, [cleanUp]);
  }

  resolveCustomEditor({ document }: OpenTraceFile, panel: vscode.WebviewPanel): void {
    this.views.open(panel, new FileSource(document, () => openRoots(document.folder)));
  }

  private async copy(uri: vscode.Uri): Promise<string> {
    const bytes = await vscode.workspace.fs.readFile(uri);
    if (bytes.length > MOST_BYTES_ELSEWHERE) {
      throw new Error(vscode.l10n.t('{0} is too large to be read where it is. Save it to a disk.', uri.path));
    }
    await mkdir(this.copies, { recursive: true });
    const path = join(this.copies, `${randomUUID()}.traces.jsonl`);
    await writeFile(path, bytes);
    return path;
  }
}

/** The folders that the user opened: those of the workspace, and the file's own. */
function openRoots(folder: string): { roots: string[]; followLinks: boolean } {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return {
    roots: [folder, ...folders.map(({ uri }) => uri.fsPath)],
    followLinks: vscode.workspace.isTrusted,
  };
}

/** Reads the file anew when it has changed on the disk. */
function watch(uri: vscode.Uri, document: TraceDocument): vscode.Disposable {
  // A file's own name may hold what means something in a pattern.
  const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), '*.jsonl');
  const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, false, true);
  let timer: NodeJS.Timeout | undefined;
  const soon = (changed: vscode.Uri) => {
    if (changed.fsPath !== uri.fsPath) return;
    clearTimeout(timer);
    timer = setTimeout(() => void document.reload(), SETTLE);
  };
  watcher.onDidChange(soon);
  watcher.onDidCreate(soon);
  return {
    dispose: () => {
      clearTimeout(timer);
      watcher.dispose();
    },
  };
}
