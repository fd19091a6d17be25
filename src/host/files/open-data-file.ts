import * as vscode from 'vscode';
import type { Edit } from '../../dataset/overlay/edit-session';
import type { StartTable } from '../../dataset/table/start-table';
import { Listeners } from '../../shared/listeners';
import { DataDocument, type DocumentOptions } from './data-document';
import { DocumentTable } from './document-table';
import { FileSource } from './file-source';
import { watchFile } from './watch-file';

/** What opening a data file needs of the house. */
export interface OpenDataFileParts {
  readonly options: DocumentOptions;
  readonly startTable: StartTable;
  readonly onEdit: (edit: Edit) => void;
  /** Called when it has been closed. */
  readonly cleanUp: () => void;
}

/** A data file that is open in one editor or more. */
export class OpenDataFile implements vscode.CustomDocument {
  /** Told when it has been closed. */
  readonly closed = new Listeners<void>();
  private readonly disposables: readonly vscode.Disposable[];
  /** Whether it was opened with unsaved edits that VS Code was not told of yet. */
  wasRestored = false;
  private isAsking = false;
  private readonly cleanUp: () => void;

  private constructor(
    readonly uri: vscode.Uri,
    readonly document: DataDocument,
    /** The rows of all its traces, for lists. */
    readonly table: DocumentTable,
    { onEdit, cleanUp }: OpenDataFileParts,
  ) {
    this.cleanUp = cleanUp;
    const isOnDisk = uri.scheme === 'file';
    this.disposables = [
      { dispose: document.edited.add(onEdit) },
      // Where nothing is left to be saved VS Code learns so.
      { dispose: document.savedAside.add(() => document.unsaved === 0 && void vscode.workspace.save(uri)) },
      // Images may be looked for in more places now.
      vscode.workspace.onDidGrantWorkspaceTrust(() => document.lookAgain()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => document.lookAgain()),
      ...(isOnDisk
        ? [
            watchFile(uri, () => void this.reload()),
            watchFile(uri.with({ path: `${uri.path}.edits.jsonl` }), () => {
              // An overlay that cannot be read now is said when something is saved.
              document.refresh().catch(() => undefined);
            }),
          ]
        : []),
    ];
  }

  /** Throws `DataError` as `DataDocument.open` does. */
  static async open(uri: vscode.Uri, parts: OpenDataFileParts): Promise<OpenDataFile> {
    const document = await DataDocument.open(parts.options);
    return new OpenDataFile(uri, document, new DocumentTable(document, parts.startTable), parts);
  }

  /** Its traces, for one more view. */
  source(): FileSource {
    return new FileSource(this.document, this.table);
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
    void this.table
      .close()
      .then(() => this.document.close())
      .then(this.cleanUp);
    this.closed.tell();
  }

  /** The file has changed on the disk. Edits stay with their traces, wherever these are now; if they are there. */
  private async reload(): Promise<void> {
    const { document } = this;
    const lost = await document.reload();
    if (lost === 0 || this.isAsking) return;
    this.isAsking = true;
    try {
      await this.ask(lost);
    } finally {
      this.isAsking = false;
    }
  }

  private async ask(lost: number): Promise<void> {
    const { document } = this;
    const keep = vscode.l10n.t('Keep My Edits');
    const revert = vscode.l10n.t('Discard My Edits');
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t(
        '{0} has changed on the disk: {1} traces that you edited, and did not save, are not in it as they were. Their edits can be kept, but apply to nothing until these traces are back.',
        document.title,
        lost,
      ),
      { modal: true },
      keep,
      revert,
    );
    if (chosen !== revert) return;
    await document.revert();
    // Nothing is left to be saved, which VS Code learns so.
    await vscode.workspace.save(this.uri);
  }
}
