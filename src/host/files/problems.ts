import * as vscode from 'vscode';
import type { DataDocument } from './data-document';
import type { DocumentTable } from './document-table';
import type { FileSource } from './file-source';
import { findProblems, type Problem } from './find-problems';
import type { OpenDataFile } from './open-data-file';

/** Shows one trace of a data file, and a turn of it: `uri`, view type, number of the item, and of the turn or null. */
export const SHOW_TRACE = 'vilasr.showTrace';

/** Edits come in quick succession; what was found is looked at this long after the last one, in milliseconds. */
const SETTLE = 300;

const SEVERITIES: Readonly<Record<Problem['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

/** What is found of the data files that are open, in the Problems panel. */
export class Problems implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('vilasr');

  /** Says what is found of an open file until it is closed. */
  follow(open: OpenDataFile, type: string): FileProblems {
    return new FileProblems(open, type, this.collection);
  }

  dispose(): void {
    this.collection.dispose();
  }
}

/** What is found of one data file: of the traces that its views show, and of those that were edited. */
export class FileProblems {
  private readonly views = new Set<FileSource>();
  private timer: NodeJS.Timeout | undefined;
  private round = 0;
  private said: readonly vscode.Uri[] = [];

  constructor(
    private readonly open: OpenDataFile,
    private readonly type: string,
    private readonly collection: vscode.DiagnosticCollection,
  ) {
    const leave = [open.document.changed, open.table.changed].map((one) => one.add(() => this.soon()));
    open.closed.add(() => {
      for (const one of leave) one();
      this.views.clear();
      clearTimeout(this.timer);
      this.round++;
      this.say(new Map());
    });
  }

  /** Looks at what a view shows until the panel is closed. */
  add(source: FileSource, panel: vscode.WebviewPanel): void {
    this.views.add(source);
    source.selected.add(() => this.soon());
    panel.onDidDispose(() => {
      this.views.delete(source);
      this.soon();
    });
    this.soon();
  }

  private soon(): void {
    clearTimeout(this.timer);
    if (this.views.size > 0) this.timer = setTimeout(() => void this.look(), SETTLE);
  }

  private async look(): Promise<void> {
    const round = ++this.round;
    const { document, table, uri } = this.open;
    const shown = [...this.views].map(({ index }) => index);
    // What cannot be read is said where the trace is shown.
    const problems = await findProblems(document, shown, editedBefore(document, table)).catch(() => []);
    if (round !== this.round) return;
    const files = new Map<string, vscode.Diagnostic[]>();
    for (const problem of problems) {
      const target = problem.file === document.path ? uri : vscode.Uri.file(problem.file);
      const key = target.toString();
      files.set(key, [...(files.get(key) ?? []), this.diagnosticOf(problem)]);
    }
    this.say(files);
  }

  private say(files: ReadonlyMap<string, readonly vscode.Diagnostic[]>): void {
    for (const uri of this.said) if (!files.has(uri.toString())) this.collection.delete(uri);
    this.said = [...files.keys()].map((key) => vscode.Uri.parse(key));
    for (const uri of this.said) this.collection.set(uri, files.get(uri.toString()));
  }

  private diagnosticOf({ line, item, name, turn, code, severity, message }: Problem): vscode.Diagnostic {
    const text =
      turn === null
        ? vscode.l10n.t('{0}: {1}', name, message)
        : vscode.l10n.t('{0}, turn {1}: {2}', name, turn + 1, message);
    const range = new vscode.Range(line - 1, 0, line - 1, 1);
    const diagnostic = new vscode.Diagnostic(range, text, SEVERITIES[severity]);
    diagnostic.source = 'ViLaSR';
    // An editor of our own is not told of a place in the file, so that the code leads to the trace.
    const words = encodeURIComponent(JSON.stringify([this.open.uri.toString(), this.type, item, turn]));
    diagnostic.code = { value: code, target: vscode.Uri.parse(`command:${SHOW_TRACE}?${words}`) };
    return diagnostic;
  }
}

/** Traces that were edited before the file was opened, as far as the list of traces knows where they stand. */
function editedBefore(document: DataDocument, { table }: DocumentTable): number[] {
  const edited = document.touchedRefs().filter(({ hasEdits }) => hasEdits);
  return edited.flatMap(({ ref }) => table.find(ref) ?? []);
}
