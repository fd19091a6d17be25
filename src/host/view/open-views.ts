import * as vscode from 'vscode';
import { VIEW_COMMANDS } from '../../view/trace-view';
import { PART_COMMANDS, REVIEW_COMMANDS, VERDICT_COMMANDS } from '../../view/verdict';
import type { TraceSource } from './source';
import { TraceView, type ViewParts } from './trace-view';

/** The trace views that are open in this window, and which of them has the focus. */
export class OpenViews implements vscode.Disposable {
  private readonly views = new Set<TraceView>();

  constructor(private readonly parts: ViewParts) {}

  /** Makes a panel, of whatever kind, a trace view, until it is closed; `shows` is the id of the run in it, if any. */
  open(panel: vscode.WebviewPanel, source: TraceSource, shows: string | null = null): TraceView {
    const view = new TraceView(panel, source, shows, this.parts);
    this.views.add(view);
    const leave = source.run?.events.add(({ type }) => type === 'state' && this.showFocus());
    view.keysChanged.add(() => this.showFocus());
    panel.onDidChangeViewState(() => this.showFocus());
    panel.onDidDispose(() => {
      leave?.();
      this.views.delete(view);
      view.dispose();
      this.showFocus();
    });
    this.showFocus();
    return view;
  }

  /** The one that has the focus, or had it last in its group. */
  get active(): TraceView | null {
    return [...this.views].find(({ panel }) => panel.active) ?? null;
  }

  /** The one that shows this run. */
  showing(id: string): TraceView | null {
    return [...this.views].find(({ shows }) => shows === id) ?? null;
  }

  /** All views ask anew what they show and what can be done. */
  refresh(): void {
    for (const view of this.views) void view.refresh();
  }

  /** Registers the commands that are passed on to the view that has the focus. */
  registerCommands(): vscode.Disposable {
    return vscode.Disposable.from(
      ...VIEW_COMMANDS.map((command) =>
        vscode.commands.registerCommand(`vilasr.view.${command}`, () => this.active?.command(command)),
      ),
      ...[...VERDICT_COMMANDS, ...PART_COMMANDS, ...REVIEW_COMMANDS].map((command) =>
        vscode.commands.registerCommand(`vilasr.${command}`, () => this.active?.command(command)),
      ),
      vscode.commands.registerCommand('vilasr.toggleReason', async (given: unknown) => {
        const number = typeof given === 'number' ? given : await chooseReason(this.parts.review().reasons);
        if (number !== null) this.active?.reason(number);
      }),
    );
  }

  dispose(): void {
    for (const view of this.views) view.dispose();
  }

  /** For the menus: what can be done with the view that has the focus. */
  private showFocus(): void {
    const { active } = this;
    const { run, canSave } = active?.source ?? { run: null, canSave: false };
    const isGoing = run !== null && !run.hasEnded;
    void vscode.commands.executeCommand('setContext', 'vilasr.activeRunIsGoing', isGoing);
    void vscode.commands.executeCommand('setContext', 'vilasr.activeCanBeSaved', canSave && !isGoing);
    const canBeJudged = active !== null && active.source.verdicts !== null;
    void vscode.commands.executeCommand('setContext', 'vilasr.activeCanBeJudged', canBeJudged);
    const holdsQuestions = active?.source.holdsQuestions ?? false;
    void vscode.commands.executeCommand('setContext', 'vilasr.activeHasQuestions', holdsQuestions);
    const takesKeys = active?.takesKeys ?? false;
    void vscode.commands.executeCommand('setContext', 'vilasr.activeTakesKeys', takesKeys);
    const isReviewing = active?.isReviewing ?? false;
    void vscode.commands.executeCommand('setContext', 'vilasr.activeIsReviewing', isReviewing);
    const isComparing = active?.isComparing ?? false;
    void vscode.commands.executeCommand('setContext', 'vilasr.activeIsComparing', isComparing);
  }
}

/** Lets the user choose a reason; its place, from 1, or null. */
async function chooseReason(reasons: readonly string[]): Promise<number | null> {
  const items = reasons.map((label, i) => ({ label, description: String(i + 1), number: i + 1 }));
  const title = vscode.l10n.t('Reason for the Verdict to Come');
  const chosen = await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true });
  return chosen?.number ?? null;
}
