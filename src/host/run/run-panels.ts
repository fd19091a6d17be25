import * as v from 'valibot';
import * as vscode from 'vscode';
import { keptStateSchema } from '../../view/trace-view';
import { shorten } from '../shorten';
import type { OpenViews } from '../view/open-views';
import { KeptSource, LostSource, RunSource } from '../view/run-source';
import type { TraceSource } from '../view/source';
import type { Run } from './run';
import type { RunStore } from './run-store';
import type { Runs } from './runs';

/** View type of the panels that show runs. */
export const RUN_VIEW = 'vilasr.run';

const LONGEST_TITLE = 40;

/** A panel a run, while it goes on and afterwards, also when the window was reloaded. */
export class RunPanels implements vscode.WebviewPanelSerializer {
  constructor(
    private readonly runs: Runs,
    private readonly store: RunStore,
    private readonly views: OpenViews,
    private readonly extensionUri: vscode.Uri,
  ) {}

  /** Shows a run of this window. */
  show(run: Run): void {
    this.reveal(run.id, run.request.question.text, () => new RunSource(run));
  }

  /** Shows the run of this id, going on or kept; false if there is none. */
  async open(id: string): Promise<boolean> {
    const view = this.views.showing(id);
    if (view !== null) {
      view.panel.reveal();
      return true;
    }
    const source = await this.find(id);
    if (source === null) return false;
    this.reveal(id, source.question, () => source.source);
    return true;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const kept = v.safeParse(keptStateSchema, state);
    const id = kept.success ? kept.output.id : null;
    const found = id === null ? null : await this.find(id);
    this.decorate(panel);
    this.views.open(panel, found?.source ?? new LostSource(lostMessage()), id);
  }

  /** Closes the panels of runs that are gone. */
  close(ids: ReadonlySet<string>): void {
    for (const id of ids) this.views.showing(id)?.panel.dispose();
  }

  private async find(id: string): Promise<{ source: TraceSource; question: string } | null> {
    const run = this.runs.find(id);
    if (run !== null) return { source: new RunSource(run), question: run.request.question.text };
    const trace = await this.store.read(id);
    return trace === null ? null : { source: new KeptSource(trace), question: trace.question };
  }

  private reveal(id: string, question: string, makeSource: () => TraceSource): void {
    const view = this.views.showing(id);
    if (view !== null) {
      view.panel.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      RUN_VIEW,
      shorten(question, LONGEST_TITLE),
      vscode.ViewColumn.Active,
    );
    this.decorate(panel);
    this.views.open(panel, makeSource(), id);
  }

  private decorate(panel: vscode.WebviewPanel): void {
    const icon = (theme: string) =>
      vscode.Uri.joinPath(this.extensionUri, 'media', 'icons', `trace-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
  }
}

const lostMessage = (): string =>
  vscode.l10n.t('This run is not among the recent ones any more, or the window was closed before it ended.');
