import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { dataSetName } from '../../dataset/export/data-set-name';
import { NOTHING } from '../../dataset/report/page/html';
import { type PageOptions, page, reportPage } from '../../dataset/report/page/report-page';
import type { Report, TracePlace } from '../../dataset/report/report';
import type { StartReport } from '../../dataset/report/start-report';
import { writePage } from '../../dataset/report/write-page';
import type { DataFormat } from '../../dataset/source/data-source';
import { cancellable } from '../cancellable';
import type { DataDocument } from '../files/data-document';
import { SHOW_TRACE } from '../files/problems';
import { watchFile } from '../files/watch-file';

/** After a change on the disk it is counted anew this much later, in milliseconds, or after twice the time that it took, if that is more. */
const SETTLE = 1_000;

/** The data file that a report is about. */
export interface ReportedFile {
  readonly path: string;
  readonly title: string;
  /** View type of the editor that shows its traces. */
  readonly type: string;
  readonly otherwise: DataFormat | null;
}

/** What is edited of it. */
type Edited = Pick<DataDocument, 'unsaved' | 'changed'>;

/** The report on a data file in a panel. It follows what is saved: edits, verdicts, and the file itself. */
export class ReportPanel {
  private report: Report | null = null;
  /** Why there is no report, or none that is up to date, in words; null where nothing is wrong. */
  private problem: string | null = null;
  private counting: AbortController | null = null;
  /** Whether something has changed that is not counted yet. */
  private isStale = false;
  private took = 0;
  private timer: NodeJS.Timeout | undefined;
  /** How many edits it says are not saved. */
  private unsaved = 0;
  private repaintTimer: NodeJS.Timeout | undefined;
  private edited: Edited | null = null;
  private leave = () => {};

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly file: ReportedFile,
    private readonly startReport: StartReport,
    edited: Edited,
  ) {
    this.follow(edited);
    const commands = [
      'vilasr.report.refresh',
      'vilasr.report.exportCsv',
      'vilasr.report.exportHtml',
      SHOW_TRACE,
    ];
    // For VS Code's own script, whose absence the browser complains of; the page has none, and its policy lets none run.
    panel.webview.options = { enableScripts: true, enableCommandUris: commands, localResourceRoots: [] };
    const uri = vscode.Uri.file(file.path);
    const watched = [
      watchFile(uri, () => this.soon()),
      watchFile(uri.with({ path: `${uri.path}.edits.jsonl` }), () => this.soon()),
      panel.onDidChangeViewState(() => (this.isStale ? this.soon() : this.noteEdits())),
    ];
    panel.onDidDispose(() => {
      this.counting?.abort();
      // What comes of it is for nobody.
      this.counting = null;
      this.leave();
      clearTimeout(this.timer);
      clearTimeout(this.repaintTimer);
      for (const one of watched) one.dispose();
    });
    void this.refresh();
  }

  /** Follows what is edited of the file, which is another document each time that it is opened. */
  follow(edited: Edited): void {
    this.leave();
    this.edited = edited;
    this.leave = edited.changed.add(() => this.noteEdits());
    this.noteEdits();
  }

  /** Counts anew, and says how far it is where the user can stop it. */
  async refresh(): Promise<void> {
    this.paint();
    await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Counting the review of {0}', this.file.title),
        cancellable: true,
      },
      (progress, token) => {
        const done = this.count((message) => progress.report({ message }));
        const { counting } = this;
        token.onCancellationRequested(() => counting?.abort());
        return done;
      },
    );
  }

  /** Writes a row a trace to a file of the user's choice. */
  async exportCsv(): Promise<void> {
    const to = await this.chooseFile('csv', vscode.l10n.t('Table'));
    if (to === undefined) return;
    const { path, otherwise } = this.file;
    const title = vscode.l10n.t('Writing {0}', basename(to));
    const written = await cancellable(title, (progress, signal) => {
      const onProgress = (done: number, total: number | null) =>
        progress.report({ message: howFar(done, total) });
      return this.startReport({ path, otherwise, csv: to }, onProgress, signal);
    });
    if (written !== null) await tellWritten(to);
  }

  /** Writes the report as it is shown to a file of the user's choice. */
  async exportHtml(): Promise<void> {
    const { report, file } = this;
    if (report === null) throw new Error(vscode.l10n.t('There is no report yet. Refresh it first.'));
    const to = await this.chooseFile('html', vscode.l10n.t('Page'));
    if (to === undefined) return;
    await writePage(report, file.path, to, vscode.env.language);
    await tellWritten(to);
  }

  private chooseFile(extension: 'csv' | 'html', kind: string): Promise<string | undefined> {
    const { path } = this.file;
    const name = `${dataSetName(path)}-review.${extension}`;
    const defaultUri = vscode.Uri.file(join(dirname(path), name));
    const asked = vscode.window.showSaveDialog({
      ...{ defaultUri, filters: { [kind]: [extension] } },
      title: vscode.l10n.t('Export the Review of {0}', this.file.title),
    });
    return Promise.resolve(asked).then((uri) => uri?.fsPath);
  }

  /** Paints it anew a while after the last edit, where it says another number of them than is true. */
  private noteEdits(): void {
    clearTimeout(this.repaintTimer);
    this.repaintTimer = setTimeout(() => {
      // When counting ends it is painted anyway.
      const isDue = this.panel.visible && this.counting === null;
      if (isDue && this.edited?.unsaved !== this.unsaved) this.paint();
    }, SETTLE);
  }

  /** Counts anew a while after the last of several changes, once it is in sight. */
  private soon(): void {
    this.isStale = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => {
        if (this.isStale && this.panel.visible && this.counting === null) void this.count(() => {});
      },
      Math.max(SETTLE, 2 * this.took),
    );
  }

  /** Counts once at a time: who asks again while that goes on takes its place. */
  private async count(onProgress: (message: string) => void): Promise<void> {
    this.counting?.abort();
    const counting = new AbortController();
    this.counting = counting;
    this.isStale = false;
    const { path, otherwise } = this.file;
    const began = Date.now();
    try {
      const report = await this.startReport(
        { path, otherwise, csv: null },
        (done, total) => onProgress(howFar(done, total)),
        counting.signal,
      );
      if (this.counting !== counting) return;
      this.report = report;
      this.problem = null;
      this.took = Date.now() - began;
    } catch (error) {
      if (this.counting !== counting) return;
      this.problem = counting.signal.aborted
        ? vscode.l10n.t('Counting was stopped. Refresh to count again.')
        : error instanceof Error
          ? error.message
          : String(error);
    }
    this.counting = null;
    this.paint();
    if (this.isStale) this.soon();
  }

  private paint(): void {
    const { report, problem, file, panel } = this;
    const nonce = randomBytes(16).toString('base64');
    const unsaved = this.edited?.unsaved ?? 0;
    this.unsaved = unsaved;
    const notice =
      problem ??
      (report === null
        ? vscode.l10n.t('The traces are being counted…')
        : unsaved > 0
          ? vscode.l10n.t('{0} edits are not saved, and not counted.', unsaved)
          : null);
    const options: PageOptions = {
      ...{ setting: 'vscode', language: vscode.env.language, nonce, notice },
      linkTo: (place) => this.linkTo(place),
      actions: [
        { label: vscode.l10n.t('Refresh'), href: 'command:vilasr.report.refresh' },
        { label: vscode.l10n.t('Export CSV…'), href: 'command:vilasr.report.exportCsv' },
        { label: vscode.l10n.t('Export HTML…'), href: 'command:vilasr.report.exportHtml' },
      ],
    };
    panel.webview.html =
      report === null
        ? page(vscode.l10n.t('Review of {0}', file.title), NOTHING, options)
        : reportPage(report, options);
  }

  private linkTo({ index }: TracePlace): string {
    const { path, type } = this.file;
    const words = JSON.stringify([vscode.Uri.file(path).toString(), type, index, null]);
    return `command:${SHOW_TRACE}?${encodeURIComponent(words)}`;
  }
}

const howFar = (done: number, total: number | null): string =>
  total === null ? String(done) : vscode.l10n.t('{0} of {1}', done, total);

async function tellWritten(path: string): Promise<void> {
  const open = vscode.l10n.t('Open');
  const message = vscode.l10n.t('The report is in {0}.', basename(path));
  if ((await vscode.window.showInformationMessage(message, open)) !== open) return;
  const uri = vscode.Uri.file(path);
  // A page is for a browser, which cannot have one of another machine.
  const isForBrowser = path.endsWith('.html') && vscode.env.remoteName === undefined;
  if (isForBrowser) await vscode.env.openExternal(uri);
  else await vscode.commands.executeCommand('vscode.open', uri);
}
