import * as vscode from 'vscode';
import type { FileSource } from './file-source';
import { BOUNDS, type Found, type Problem, ProblemFinder } from './find-problems';
import type { OpenDataFile } from './open-data-file';

/** Shows one trace of a data file, and a turn of it: `uri`, view type, number of the item, and of the turn or null. */
export const SHOW_TRACE = 'vilasr.showTrace';

/** Edits come in quick succession; what was found is looked at this long after the first of them, in milliseconds. */
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

/** What is found of one data file: of the traces that its views show, and of those that have edits. */
export class FileProblems {
  private readonly views = new Set<FileSource>();
  private readonly finder: ProblemFinder;
  private timer: NodeJS.Timeout | undefined;
  private looking = false;
  private again = false;
  private said: readonly vscode.Uri[] = [];

  constructor(
    private readonly open: OpenDataFile,
    private readonly type: string,
    private readonly collection: vscode.DiagnosticCollection,
  ) {
    const { document, table } = open;
    // The list of traces knows where they stand now, as soon as it has read so far.
    this.finder = new ProblemFinder(document, (ref) => table.table.find(ref) ?? document.placeOf(ref));
    const leave = [document.changed, table.changed].map((one) => one.add(() => this.soon()));
    open.closed.add(() => {
      for (const one of leave) one();
      this.views.clear();
      clearTimeout(this.timer);
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
    if (this.views.size > 0) this.timer ??= setTimeout(() => void this.look(), SETTLE);
  }

  /** Looks once at a time; what changes meanwhile is looked at after. */
  private async look(): Promise<void> {
    this.timer = undefined;
    this.again = this.looking;
    if (this.looking) return;
    this.looking = true;
    try {
      const found = await this.finder.find([...this.views].map(({ index }) => index));
      if (this.views.size === 0) return;
      this.say(this.diagnosticsOf(found));
      // Edits of an earlier window name traces whose places nobody knows yet: reading for the list finds them.
      if (!found.allPlaced) this.open.table.start();
    } finally {
      this.looking = false;
      if (this.again) this.soon();
    }
  }

  private diagnosticsOf({ problems, more }: Found): Map<string, vscode.Diagnostic[]> {
    const { document, uri } = this.open;
    const files = new Map<string, vscode.Diagnostic[]>();
    const add = (target: vscode.Uri, diagnostic: vscode.Diagnostic) => {
      const key = target.toString();
      files.set(key, files.get(key) ?? []);
      files.get(key)?.push(diagnostic);
    };
    for (const problem of problems) {
      add(problem.file === document.path ? uri : vscode.Uri.file(problem.file), this.diagnosticOf(problem));
    }
    if (more) add(uri, moreThan(problems.length));
    return files;
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

/** Says that not all is said. */
function moreThan(count: number): vscode.Diagnostic {
  const text = vscode.l10n.t(
    'There may be more than these {0} problems: the last {1} edited traces were looked at. Each trace says its own when it is shown.',
    count,
    BOUNDS.items,
  );
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(0, 0, 0, 1),
    text,
    vscode.DiagnosticSeverity.Information,
  );
  diagnostic.source = 'ViLaSR';
  return diagnostic;
}
