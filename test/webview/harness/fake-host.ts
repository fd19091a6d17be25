import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { paint } from '../../../src/image/paint';
import type { Handlers } from '../../../src/protocol/contract';
import { deriveTurns, withDerived } from '../../../src/trace/derive';
import { traceCascade } from '../../../src/trace/edit/cascade';
import { applyChanges, type Change, invertChanges } from '../../../src/trace/edit/change';
import type { RgbImage } from '../../../src/trace/geometry';
import type { Trace } from '../../../src/trace/trace';
import {
  type HostContract,
  hostContract,
  type ViewState,
  type WebviewContract,
  webviewContract,
} from '../../../src/view/trace-view';
import { ViewChannel } from '../../../src/view/view-channel';
import type { PageServer } from './page-server';

/** What a view shows at first, one for each trace of the file. */
export type Shown = ViewState['shown'];

export interface HostOptions {
  readonly traces: readonly Shown[];
  /** PNG files of the inputs, by the path that the trace has. */
  readonly pictures?: Readonly<Record<string, string>>;
  readonly abilities?: ViewState['abilities'];
  /** What to answer instead of what the host answers by itself. */
  readonly handlers?: Partial<Handlers<HostContract>>;
}

/** The extension's side of a view: real messages, real pixels, and a record of what was asked. */
export class FakeHost {
  readonly asked: string[] = [];
  /** Whether the view said last that single keys are for commands. */
  takesKeys = false;
  private readonly channel: ViewChannel<HostContract, WebviewContract>;
  private posted: Promise<unknown> = Promise.resolve();
  private index = 0;
  /** Of the traces that were edited: what they are now. */
  private readonly edited = new Map<number, Shown>();
  /** What was done to the trace that is shown, the last edit last. */
  readonly edits: { readonly label: string; readonly changes: readonly Change[] }[] = [];
  private readonly accepted = new Set<string>();
  private revision = 0;

  constructor(
    private readonly page: Page,
    private readonly server: PageServer,
    private readonly options: HostOptions,
  ) {
    const handlers: Handlers<HostContract> = {
      ready: () => this.state(),
      select: ({ index }) => {
        this.choose(index);
        return this.state();
      },
      image: ({ revision, number, pixels }) =>
        revision === this.revision ? this.image(number, pixels) : null,
      edit: async ({ revision, label, changes }) => {
        if (revision !== this.revision) throw new Error('The trace has changed meanwhile.');
        await this.edit(label, changes);
        return null;
      },
      acceptMarks: async ({ keys }) => {
        for (const key of keys) this.accepted.add(key);
        await this.showEdited([]);
        return null;
      },
      judge: async ({ revision, verdict }) => {
        if (revision !== this.revision) throw new Error('The trace has changed meanwhile.');
        const said = { verdict, who: 'ann', at: '2026-11-25T12:00:00.000Z', reason: null };
        await this.showVerdict({ verdict, editedSince: false, said, others: [] });
        return true;
      },
      undoVerdict: async () => {
        await this.showVerdict({ verdict: 'pending', editedSince: false, said: null, others: [] });
        return null;
      },
      keys: ({ forCommands }) => {
        this.takesKeys = forCommands;
        return null;
      },
      stop: () => null,
      again: () => null,
      save: () => '/traces/saved.traces.jsonl',
      copy: () => null,
      exportImages: () => null,
      showLog: () => null,
      ...options.handlers,
    };
    this.channel = new ViewChannel<HostContract, WebviewContract>({
      mine: {
        name: 'host',
        contract: hostContract,
        handlers,
        failureOf: (error) => ({ message: error instanceof Error ? error.message : String(error) }),
      },
      theirs: { name: 'webview', contract: webviewContract, title: 'the view' },
      post: (message) => {
        const script = `window.postMessage(${JSON.stringify(message)}, '*')`;
        this.posted = this.posted.then(() => this.page.evaluate(script)).catch(() => undefined);
      },
    });
  }

  /** Takes a message of the page, as JSON. */
  receive(json: string): void {
    const message: unknown = JSON.parse(json);
    const asked = JSON.stringify(message).match(/"type":"request".*?"method":"(\w+)","params":(.*)}}$/);
    // Where the focus is the view says by itself.
    if (asked && asked[1] !== 'keys') this.asked.push(`${asked[1]} ${asked[2]}`);
    this.channel.receive(message);
  }

  get call() {
    return this.channel.caller.call.bind(this.channel.caller);
  }

  /** Has another trace from now on, without a word to the view. */
  choose(index: number): void {
    this.index = index;
    this.revision++;
  }

  /** Goes back to the first trace, as an extension does that was reloaded. */
  forget(): void {
    this.choose(0);
  }

  state(): ViewState {
    const { traces, abilities = { cannotRun: null, save: false } } = this.options;
    const shown = this.edited.get(this.index) ?? traces[this.index];
    if (!shown) throw new Error(`There is no trace ${this.index}.`);
    const title = shown.trace?.images[0]?.path ?? 'broken.traces.jsonl';
    return {
      title,
      index: this.index,
      count: traces.length,
      counting: false,
      shown: { ...shown, revision: this.revision },
      abilities,
    };
  }

  /** The texts of the turns that are shown now. */
  get texts(): readonly string[] {
    return this.state().shown.trace?.turns.map(({ text }) => text) ?? [];
  }

  /** Takes the last edit back, as Undo does. */
  async undo(): Promise<void> {
    const last = this.edits.pop();
    if (last) await this.showEdited(invertChanges(last.changes));
  }

  private async edit(label: string, changes: readonly Change[]): Promise<void> {
    const trace = this.changed(changes);
    this.edits.push({ label, changes });
    await this.showEdited([], trace);
  }

  private async showVerdict(verdict: Shown['verdict']): Promise<void> {
    this.edited.set(this.index, { ...this.state().shown, verdict });
    await this.call('show', this.state());
  }

  private changed(changes: readonly Change[]): Trace {
    const { trace } = this.state().shown;
    if (!trace) throw new Error('There is no trace.');
    return applyChanges(withDerived(trace), changes);
  }

  private async showEdited(changes: readonly Change[], trace = this.changed(changes)): Promise<void> {
    const original = this.options.traces[this.index]?.trace;
    if (!original) throw new Error('There is no trace.');
    const all = this.edits.flatMap((one) => one.changes);
    const { marks } = traceCascade(withDerived(original), all, trace);
    const edits = { edited: all.length > 0, marks: marks.filter(({ key }) => !this.accepted.has(key)) };
    const { verdict: before, ...shown } = this.state().shown;
    const isPending = (before?.said?.verdict ?? 'pending') === 'pending' || all.length === 0;
    const verdict =
      before && !isPending ? { ...before, verdict: 'pending' as const, editedSince: true } : before;
    this.edited.set(this.index, { ...shown, verdict, trace: asShown(trace), edits });
    await this.call('show', this.state());
  }

  private async image(number: number, pixels: 'base' | 'seen') {
    const { trace } = this.state().shown;
    if (!trace) throw new Error('There is no trace.');
    const { images } = deriveTurns(trace.images.length, trace.turns);
    const image = images[number - 1];
    const input = trace.images[(image?.root ?? 0) - 1];
    const path = input && this.options.pictures?.[input.path];
    if (!image || !path) throw new Error(`${input?.path ?? `Image ${number}`} is not there.`);
    let seen = await readPicture(path);
    for (const { canvas } of pixels === 'seen' ? lineOf(images, number) : []) seen = paint(seen, canvas);
    const { width, height, data } = seen;
    const png = await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    const uri = this.server.addImage(`${trace.id}-${pixels === 'seen' ? number : image.root}-${pixels}`, png);
    return { uri, width, height, file: input.file ?? { width, height } };
  }
}

/** A trace as it is sent to a view, which derives the rest by itself. */
function asShown({ turns, ...trace }: Trace): NonNullable<Shown['trace']> {
  const heard = turns.map(({ text, finish, tokens, seconds }) => ({ text, finish, tokens, seconds }));
  return { ...trace, turns: heard };
}

/** An image and those it was drawn on, the input left out, the oldest first. */
function lineOf<T extends { readonly base: number | null }>(images: readonly T[], number: number): T[] {
  const image = images[number - 1];
  return image && image.base !== null ? [...lineOf(images, image.base), image] : [];
}

async function readPicture(path: string): Promise<RgbImage> {
  const { data, info } = await sharp(await readFile(path))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}
