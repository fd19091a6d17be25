import { join } from 'node:path';
import * as vscode from 'vscode';
import { Once } from '../../shared/once';
import { explain } from '../run/run-commands';
import type { OpenViews } from '../view/open-views';

/** What can be done with a report that is shown. */
const ACTIONS = ['refresh', 'exportCsv', 'exportHtml'] as const;

/** Registers the commands of reports; what makes and shows them is loaded with the first that is asked for. */
export function registerReportCommands(views: OpenViews, extensionPath: string): vscode.Disposable {
  const panels = new Once(async () => {
    const { ReportPanels } = await import('./report-panels');
    return new ReportPanels(join(extensionPath, 'dist', 'report-worker.js'), extensionPath);
  });
  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    registerCommand('vilasr.showReport', async () => {
      const { active } = views;
      const document = active?.source.document ?? null;
      if (active === null || document === null) return;
      const type = active.panel.viewType;
      await explain(async () => (await panels.get()).show(document, type));
    }),
    ...ACTIONS.map((action) =>
      registerCommand(`vilasr.report.${action}`, () =>
        explain(async () => (await panels.known)?.active?.[action]()),
      ),
    ),
  );
}
