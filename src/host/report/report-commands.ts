import { join } from 'node:path';
import * as vscode from 'vscode';
import { explain } from '../run/run-commands';
import type { OpenViews } from '../view/open-views';
import type { ReportPanels } from './report-panels';

/** What can be done with a report that is shown. */
const ACTIONS = ['refresh', 'exportCsv', 'exportHtml'] as const;

/** Registers the commands of reports; what makes and shows them is loaded with the first that is asked for. */
export function registerReportCommands(views: OpenViews, extensionPath: string): vscode.Disposable {
  let loaded: Promise<ReportPanels> | null = null;
  const panels = () =>
    (loaded ??= import('./report-panels').then(
      (module) => new module.ReportPanels(join(extensionPath, 'dist', 'report-worker.js'), extensionPath),
    ));
  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    registerCommand('vilasr.showReport', async () => {
      const { active } = views;
      const document = active?.source.document ?? null;
      if (active === null || document === null) return;
      const type = active.panel.viewType;
      await explain(async () => (await panels()).show(document, type));
    }),
    ...ACTIONS.map((action) =>
      registerCommand(`vilasr.report.${action}`, () =>
        explain(async () => (await loaded)?.active?.[action]()),
      ),
    ),
  );
}
