import { join } from 'node:path';
import { config } from '@vscode/l10n';
import * as vscode from 'vscode';
import { reportInWorker, type StartReport } from '../../dataset/report/start-report';
import type { DataDocument } from '../files/data-document';
import { ReportPanel } from './report-panel';

/** View type of the panels that show reports. */
const REPORT_VIEW = 'vilasr.report';

/** The reports that are shown, one a data file. */
export class ReportPanels {
  private readonly panels = new Map<string, ReportPanel>();
  private readonly startReport: StartReport;

  /** @param entry of the thread that makes reports: see `reportInWorker`. */
  constructor(
    entry: string,
    private readonly extensionPath: string,
  ) {
    this.startReport = reportInWorker(entry);
    const { bundle } = vscode.l10n;
    if (bundle !== undefined) config({ contents: bundle });
  }

  /** The one that has the focus, or had it last in its group; else the only one that is in sight. */
  get active(): ReportPanel | null {
    const all = [...this.panels.values()];
    const inSight = all.filter(({ panel }) => panel.visible);
    return all.find(({ panel }) => panel.active) ?? (inSight.length === 1 ? (inSight[0] ?? null) : null);
  }

  /** Shows the report on a data file, beside it; `type` is the view type of its editor. */
  show(document: DataDocument, type: string): void {
    const { path, title } = document;
    const known = this.panels.get(path);
    if (known !== undefined) {
      known.follow(document);
      known.panel.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      REPORT_VIEW,
      vscode.l10n.t('Review of {0}', title),
      vscode.ViewColumn.Active,
    );
    const icon = (theme: string) =>
      vscode.Uri.file(join(this.extensionPath, 'media', 'icons', `trace-${theme}.svg`));
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    const { otherwise } = document.tableOrder(null);
    const file = { path, title, type, otherwise };
    this.panels.set(path, new ReportPanel(panel, file, this.startReport, document));
    panel.onDidDispose(() => this.panels.delete(path));
  }
}
