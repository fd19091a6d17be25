import { basename } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Handlers } from '../../protocol/contract';
import {
  keptSamplingSchema,
  type SamplingHostContract,
  type SamplingState,
  type SamplingWebviewContract,
  samplingHostContract,
  samplingWebviewContract,
} from '../../view/sampling-view';
import { ViewChannel } from '../../view/view-channel';
import { loadView } from '../view/load-view';
import type { Sampling } from './sampling';
import { SAMPLING_VIEW } from './samplings';

/** Between two states that a view is shown, in milliseconds. */
const INTERVAL = 200;

/** Longest wait for a view to take what it is shown. */
const ANSWER_TIMEOUT = 30_000;

/** What can be done with a sampling. Failures are errors for people. */
export interface SamplingActions {
  goOn(sampling: Sampling): Promise<void>;
  pause(sampling: Sampling): void;
  stop(sampling: Sampling): void;
  /** Opens the set in its editor. */
  open(sampling: Sampling): Promise<void>;
  /** Opens it, and begins a review. */
  review(sampling: Sampling): Promise<void>;
  showLog(): void;
}

/** A panel a sampling. Closing it stops nothing: it is opened again from the status bar or from Recent Runs. */
export class SamplingPanels {
  private readonly panels = new Map<string, { panel: vscode.WebviewPanel; sampling: Sampling }>();

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly actions: SamplingActions,
  ) {}

  show(sampling: Sampling): void {
    const { out } = sampling.plan;
    const open = this.panels.get(out);
    if (open?.sampling === sampling) {
      open.panel.reveal();
      return;
    }
    // It shows what there was of the set before.
    open?.panel.dispose();
    const title = vscode.l10n.t('Sampling {0}', sampling.name);
    this.fill(vscode.window.createWebviewPanel(SAMPLING_VIEW, title, vscode.ViewColumn.Active), sampling);
  }

  /** Whether somebody sees the panel of this set. */
  isSeen(out: string): boolean {
    return this.panels.get(out)?.panel.visible === true;
  }

  /** Fills a panel that VS Code has kept, with what `find` knows of its set. */
  async restore(
    panel: vscode.WebviewPanel,
    state: unknown,
    find: (out: string) => Promise<Sampling | null>,
  ): Promise<void> {
    const kept = v.safeParse(keptSamplingSchema, state);
    const sampling = kept.success ? await find(kept.output.path) : null;
    if (sampling === null) panel.dispose();
    else this.fill(panel, sampling);
  }

  private fill(panel: vscode.WebviewPanel, sampling: Sampling): void {
    const { out } = sampling.plan;
    const icon = (theme: string) =>
      vscode.Uri.joinPath(this.extensionUri, 'media', 'icons', `trace-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    const view = new SamplingPanel(panel, sampling, this.actions);
    loadView(panel, 'sampling', this.extensionUri);
    this.panels.set(out, { panel, sampling });
    panel.onDidDispose(() => {
      view.dispose();
      if (this.panels.get(out)?.panel === panel) this.panels.delete(out);
    });
  }
}

/** The host's side of one panel: shows the sampling as it is, and again when it has changed, now and then. */
class SamplingPanel {
  private readonly channel: ViewChannel<SamplingHostContract, SamplingWebviewContract>;
  private readonly disposables: { dispose(): void }[];
  private isReady = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    panel: vscode.WebviewPanel,
    private readonly sampling: Sampling,
    private readonly actions: SamplingActions,
  ) {
    const { webview } = panel;
    this.channel = new ViewChannel<SamplingHostContract, SamplingWebviewContract>({
      mine: {
        name: 'host',
        contract: samplingHostContract,
        handlers: this.handlers(),
        failureOf: (error) => ({ message: error instanceof Error ? error.message : String(error) }),
      },
      theirs: { name: 'webview', contract: samplingWebviewContract, title: 'the view' },
      post: (message) => void webview.postMessage(message),
    });
    this.disposables = [
      { dispose: sampling.changed.add(() => this.later()) },
      webview.onDidReceiveMessage((message: unknown) => this.channel.receive(message)),
      panel.onDidChangeViewState(() => {
        // A hidden webview is gone; a new one asks for everything when it is shown.
        if (!panel.visible) this.isReady = false;
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const disposable of this.disposables) disposable.dispose();
  }

  private handlers(): Handlers<SamplingHostContract> {
    const { sampling, actions } = this;
    return {
      ready: () => {
        this.isReady = true;
        return stateOf(sampling);
      },
      pause: () => {
        actions.pause(sampling);
        return null;
      },
      goOn: async () => {
        await actions.goOn(sampling);
        return null;
      },
      stop: () => {
        actions.stop(sampling);
        return null;
      },
      open: async () => {
        await actions.open(sampling);
        return null;
      },
      review: async () => {
        await actions.review(sampling);
        return null;
      },
      showLog: () => {
        actions.showLog();
        return null;
      },
    };
  }

  private later(): void {
    if (this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (!this.isReady) return;
      // A view that does not take it asks for everything when it is there again.
      this.channel.caller
        .call('show', stateOf(this.sampling), { timeout: ANSWER_TIMEOUT })
        .catch(() => undefined);
    }, INTERVAL);
  }
}

function stateOf(sampling: Sampling): SamplingState {
  const { plan, name, model, activity, total, tally, failed, running, pace, newest } = sampling;
  const { candidates, temperature, topP, seed, questionFile, out } = plan;
  return {
    ...{ path: out, set: name, questionFile: basename(questionFile), model, activity, total },
    plan: {
      ...{ candidates, temperature, topP, seed },
      questions: total === null ? null : total / candidates,
    },
    ...{ tally, failed, running, pace, newest },
  };
}
