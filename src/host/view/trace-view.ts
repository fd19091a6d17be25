import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { Handlers, Immutable, MethodName, Params } from '../../protocol/contract';
import { Listeners } from '../../shared/listeners';
import type { InputImage } from '../../trace/trace';
import type { Verdict } from '../../trace/verdict';
import {
  type HostContract,
  hostContract,
  type ImagePixels,
  MOST_CLIPBOARD,
  type ViewCommand,
  type ViewState,
  type WebviewContract,
  webviewContract,
} from '../../view/trace-view';
import type { Why } from '../../view/verdict';
import { ViewChannel } from '../../view/view-channel';
import type { Seed } from '../run/again';
import { candidateOf } from './candidate';
import { deskOf, type ReviewHabits } from './desk';
import { makeFirstImages } from './first-images';
import { loadView } from './load-view';
import { PastTraces } from './past-traces';
import type { SourceEvent, SourceList, TraceEdits, TraceSource, TraceVerdicts } from './source';
import { TextBatch } from './text-batch';
import type { MadeImage, Subject, TraceImages } from './trace-images';

/** What the user can do with a trace besides looking at it. Failures are errors for people. */
export interface TraceActions {
  /** Null if a model may be run, else why not, in words. */
  cannotRun(): string | null;
  again(source: TraceSource, seed: Seed): Promise<void>;
  /** Lets the model go on after turn `turn`, from 0, in a view of its own. */
  continueFrom(source: TraceSource, turn: number): Promise<void>;
  save(source: TraceSource): Promise<string | null>;
  /** Whether the user can say in which folder its images are. */
  canLocate(source: TraceSource): boolean;
  locateImages(source: TraceSource): Promise<void>;
  /** Asks for picture files to be input images of the trace, one or several; null if the user chose none. */
  chooseImages(source: TraceSource, several: boolean): Promise<readonly InputImage[] | null>;
  copy(source: TraceSource, as: 'json' | 'markdown'): Promise<void>;
  exportImages(source: TraceSource): Promise<string | null>;
  showLog(): void;
}

/** What every view needs. */
export interface ViewParts {
  readonly extensionUri: vscode.Uri;
  readonly images: TraceImages;
  readonly actions: TraceActions;
  readonly log: vscode.LogOutputChannel;
  /** Why a trace gets this verdict, if the user wants to be asked; null if they thought better of it. */
  readonly reasonFor: (verdict: Verdict) => Promise<Why | null>;
  /** How the user likes to review. */
  readonly review: () => ReviewHabits;
}

/** Longest wait for a webview to take a message; then it is busy, or gone. */
const ANSWER_TIMEOUT = 30_000;
/** How long a trace waits for its picture at most, in milliseconds: one that was made before is there at once. */
const PICTURE_FIRST = 10;

/** The host's side of one trace view, in a panel or an editor: answers it, and tells it what happens. */
export class TraceView implements vscode.Disposable {
  private readonly channel: ViewChannel<HostContract, WebviewContract>;
  private readonly batch = new TextBatch((text) => this.tell('text', { text }));
  private readonly disposables: vscode.Disposable[] = [];
  /** Told when one of the three that follow has changed. */
  readonly keysChanged = new Listeners<void>();
  /** Whether the view has the focus and nothing is typed in it, so that single keys are for commands. */
  takesKeys = false;
  /** Whether traces are being reviewed in it. */
  isReviewing = false;
  /** Whether traces are being compared in it. */
  isComparing = false;
  private isReady = false;
  private wasReady = false;
  /** Where the view goes when it is shown the next time. */
  private goal: ViewState['goal'];
  /** How the view shows images, as far as it has said so. */
  private pixels: ImagePixels = 'base';
  /** Whether the trace that is shown is about to be left for another: what becomes of it needs not be shown. */
  private isLeaving = false;
  /** Ends when what changed last is shown. */
  private latest: Promise<void> = Promise.resolve();

  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly source: TraceSource,
    /** Id of the run that it shows; null for a file. */
    readonly shows: string | null,
    private readonly parts: ViewParts,
  ) {
    const { webview } = panel;
    this.channel = new ViewChannel<HostContract, WebviewContract>({
      mine: { name: 'host', contract: hostContract, handlers: this.handlers(), failureOf },
      theirs: { name: 'webview', contract: webviewContract, title: 'the view' },
      post: (message) => void webview.postMessage(message),
    });
    const leave = source.events.add((event) => this.pass(event));
    this.disposables.push(
      { dispose: leave },
      webview.onDidReceiveMessage((message: unknown) => this.channel.receive(message)),
      panel.onDidChangeViewState(() => {
        // A hidden webview is gone; a new one asks for everything when it is shown.
        if (panel.visible) return;
        this.isReady = false;
        this.setKeys({ forCommands: false, reviewing: false, comparing: false });
      }),
    );
    loadView(panel, 'trace', parts.extensionUri, [vscode.Uri.file(parts.images.folder)]);
    void this.prepareImage();
  }

  /** Passes on a command, from a key or a menu. */
  command(command: ViewCommand): void {
    this.tell('command', { command });
  }

  /** Takes a reason for the verdict to come, or leaves it again: the one at that place, from 1. */
  reason(number: number): void {
    this.tell('reason', { number });
  }

  /** Shows all of it anew: what the user may do has changed. */
  async refresh(): Promise<void> {
    this.batch.drop();
    if (!this.isReady) return;
    const state = await this.state();
    // Where it has changed once more meanwhile, another refresh follows, or the answer to who chose another trace.
    if (state.shown.revision === this.source.revision) this.tell('show', state);
  }

  /** Shows a trace of the file, and a turn of it, both counted from 0. */
  async goTo(index: number, turn: number | null): Promise<void> {
    await this.source.select(index);
    this.goal = { turn };
    await this.refresh();
  }

  /** Begins a review of the file's traces, once it is shown. */
  async review(): Promise<void> {
    this.goal = { turn: null, review: true };
    await this.refresh();
  }

  dispose(): void {
    this.isReady = false;
    this.batch.drop();
    this.source.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private handlers(): Handlers<HostContract> {
    const { source, parts } = this;
    const { actions, images } = parts;
    const past = new PastTraces(source);
    return {
      ready: async () => {
        const state = await this.state();
        this.batch.drop();
        this.isReady = true;
        void this.prepareImage();
        const opened = !this.wasReady;
        this.wasReady = true;
        return opened ? { ...state, opened } : state;
      },
      list: (query) => this.listOf().query(query),
      rows: ({ from, count }) => this.listOf().rows(from, count),
      neighbour: ({ by }) => this.listOf().neighbour(source.index, by),
      select: ({ index }) => this.select(index),
      judgeAndGoOn: async ({ revision, verdict, why }) => {
        const verdicts = this.verdictsOf(revision);
        // Once it is judged it may be none of the list any more.
        const next = this.listOf().neighbour(source.index, 1);
        this.isLeaving = next !== null;
        try {
          await this.afterVerdict(verdicts.judge(verdict, why, null));
          const { shown } = await source.state();
          this.isLeaving = false;
          return { verdict: shown.verdict, next: next === null ? null : await this.select(next) };
        } catch (error) {
          this.isLeaving = false;
          if (next !== null) await this.refresh();
          throw error;
        }
      },
      peek: async ({ index, pixels }) => {
        this.pixels = pixels;
        const subject = await this.listOf().subject(index);
        return subject === null ? [] : (await this.makeFirst(subject)).map(({ image }) => image.uri);
      },
      image: async ({ revision, number, pixels, past: of }) => {
        if (revision !== source.revision) return null;
        const subject = of === undefined ? await source.subject() : await past.subject(of);
        if (subject === null) throw new Error(vscode.l10n.t('There is no trace to show images of.'));
        return this.viewImage(await images.get(subject, number, pixels));
      },
      edit: async ({ revision, label, changes }) => {
        await this.editsOf(revision).edit(label, changes);
        await this.latest;
        return null;
      },
      chooseImages: async ({ several }) => {
        const chosen = await actions.chooseImages(source, several);
        return chosen && [...chosen];
      },
      acceptMarks: async ({ revision, keys }) => {
        await this.editsOf(revision).acceptMarks(keys);
        return null;
      },
      history: async ({ revision }) => (revision === source.revision ? past.list() : null),
      historyEntry: async ({ revision, id }) => (revision === source.revision ? past.detail(id) : null),
      restore: async ({ revision, id }) => {
        const edits = this.editsOf(revision);
        const { of, changes } = await past.restoring(id);
        if (changes.length === 0) throw new Error(vscode.l10n.t('The trace is as it was then already.'));
        const original = vscode.l10n.t('Restore the Original');
        await edits.edit(of === null ? original : vscode.l10n.t('Restore “{0}”', of), changes);
        await this.latest;
        return null;
      },
      judge: async ({ revision, verdict, why, part }) => {
        this.verdictsOf(revision);
        const said = why ?? (await parts.reasonFor(verdict));
        if (said === null) return false;
        await this.afterVerdict(this.verdictsOf(revision).judge(verdict, said, part));
        return true;
      },
      undoVerdict: async ({ revision }) => {
        await this.afterVerdict(this.verdictsOf(revision).undo());
        return null;
      },
      desk: () => deskOf(source, parts.review()),
      candidate: ({ revision, index }) => candidateOf(source, revision, index),
      keys: (keys) => {
        this.setKeys(keys);
        return null;
      },
      readClipboard: async () => (await vscode.env.clipboard.readText()).slice(0, MOST_CLIPBOARD + 1),
      stop: () => {
        source.run?.stop();
        return null;
      },
      again: async ({ seed }) => {
        await actions.again(source, seed);
        return null;
      },
      continueFrom: async ({ revision, turn }) => {
        this.requireRevision(revision);
        await actions.continueFrom(source, turn);
        return null;
      },
      locateImages: async () => {
        await actions.locateImages(source);
        return null;
      },
      save: () => actions.save(source),
      copy: async ({ as }) => {
        await actions.copy(source, as);
        return null;
      },
      exportImages: () => actions.exportImages(source),
      showLog: () => {
        actions.showLog();
        return null;
      },
    };
  }

  private async select(index: number): Promise<Immutable<ViewState>> {
    await this.source.select(index);
    // A view that has the picture by then paints it with the trace.
    await Promise.race([this.prepareImage(), sleep(PICTURE_FIRST)]);
    let state = await this.state();
    // What has changed meanwhile is shown already; an older answer would undo it.
    while (state.shown.revision !== this.source.revision) state = await this.state();
    return state;
  }

  private async state(): Promise<Immutable<ViewState>> {
    const { source, parts } = this;
    const { actions } = parts;
    const abilities = {
      cannotRun: actions.cannotRun(),
      save: source.canSave,
      locate: actions.canLocate(source),
    };
    const state = await source.state();
    const { goal } = this;
    this.goal = undefined;
    return { ...state, abilities, ...(goal && { goal }) };
  }

  /** Begins to make the pixels that a view asks for first of a trace, while it is on its way there. */
  private prepareImage(): Promise<void> {
    const make = async () => {
      const { source } = this;
      const { revision } = source;
      const subject = await source.subject();
      if (subject === null) return;
      for (const made of await this.makeFirst(subject)) this.tell('image', { revision, ...made });
    };
    // What keeps them from being made is said to who asks for them.
    return make().catch(() => undefined);
  }

  private async makeFirst(subject: Subject) {
    const all = await makeFirstImages(this.parts.images, subject, this.pixels);
    return all.map(({ made, ...named }) => ({ ...named, image: this.viewImage(made) }));
  }

  private viewImage({ path, model, file }: MadeImage) {
    const uri = this.panel.webview.asWebviewUri(vscode.Uri.file(path)).toString();
    return { uri, width: model.width, height: model.height, file };
  }

  private listOf(): SourceList {
    const { list } = this.source;
    if (list === null) throw new Error(vscode.l10n.t('There is but one trace to show.'));
    return list;
  }

  /** What edits the trace that the view shows; throws if the host is at another one by now. */
  private editsOf(revision: number): TraceEdits {
    const { source } = this;
    if (source.edits === null) throw new Error(vscode.l10n.t('This trace cannot be edited.'));
    this.requireRevision(revision);
    return source.edits;
  }

  private requireRevision(revision: number): void {
    if (this.source.revision === revision) return;
    throw new Error(vscode.l10n.t('The trace has changed meanwhile. Try again.'));
  }

  /** What judges the trace that the view shows; throws as `editsOf` does. */
  private verdictsOf(revision: number): TraceVerdicts {
    const { source } = this;
    if (source.verdicts === null) throw new Error(vscode.l10n.t('This trace cannot be judged.'));
    this.requireRevision(revision);
    return source.verdicts;
  }

  private async afterVerdict(work: Promise<string | null>): Promise<void> {
    const mended = await work;
    if (mended !== null) void vscode.window.showWarningMessage(mended);
    await this.latest;
  }

  private setKeys({ forCommands, reviewing, comparing }: Params<HostContract, 'keys'>): void {
    const now = [this.takesKeys, this.isReviewing, this.isComparing];
    if (isDeepStrictEqual(now, [forCommands, reviewing, comparing])) return;
    this.takesKeys = forCommands;
    this.isReviewing = reviewing;
    this.isComparing = comparing;
    this.keysChanged.tell();
  }

  private pass(event: SourceEvent): void {
    if (event.type === 'text') {
      this.batch.add(event.text);
      return;
    }
    this.batch.flush();
    switch (event.type) {
      case 'changed':
        if (!this.isLeaving) this.latest = this.refresh();
        break;
      case 'turn':
        this.tell('turn', event.spoken);
        break;
      case 'prefill':
        this.tell('prefill', { done: event.done, total: event.total });
        break;
      case 'run':
        this.tell('run', event.state);
        break;
      case 'list':
        this.tell('listChanged', {});
        break;
      case 'count':
        this.tell('count', { count: event.count, counting: event.counting });
    }
  }

  /** A view that does not take it asks for everything when it is there again. */
  private tell<M extends MethodName<WebviewContract>>(method: M, params: Params<WebviewContract, M>): void {
    if (!this.isReady) return;
    this.channel.caller.call(method, params, { timeout: ANSWER_TIMEOUT }).catch((error: unknown) => {
      this.parts.log.debug(`${method}: ${String(error)}`);
    });
  }
}

const failureOf = (error: unknown): { message: string } => ({
  message: error instanceof Error ? error.message : String(error),
});
