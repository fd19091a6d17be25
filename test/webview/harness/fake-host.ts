import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import type { EditEvent } from '../../../src/dataset/overlay/edit-event';
import { TraceHistory } from '../../../src/dataset/overlay/trace-history';
import { rowOf } from '../../../src/dataset/table/item-row';
import { TraceTable } from '../../../src/dataset/table/trace-table';
import { neighbourIn } from '../../../src/host/files/neighbour';
import { candidateOf } from '../../../src/host/view/candidate';
import { deskOf } from '../../../src/host/view/desk';
import { PastTraces } from '../../../src/host/view/past-traces';
import type { ListedTrace } from '../../../src/host/view/source';
import type { Handlers } from '../../../src/protocol/contract';
import { deriveTurns, withDerived } from '../../../src/trace/derive';
import { traceCascade } from '../../../src/trace/edit/cascade';
import { applyChanges, type Change, invertChanges } from '../../../src/trace/edit/change';
import type { Trace } from '../../../src/trace/trace';
import { type ListQuery, type ListRow, type ListState, WHOLE_LIST } from '../../../src/view/trace-list';
import {
  type HostContract,
  hostContract,
  type ViewState,
  type WebviewContract,
  webviewContract,
} from '../../../src/view/trace-view';
import { ViewChannel } from '../../../src/view/view-channel';
import type { PageServer } from './page-server';
import { lineOf, pixelsOf } from './pixels';
import { saidNow } from './said';

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

/** What a review offers as reasons. */
const REASONS = ['drawing is off', 'no real correction', 'malformed'];
const LIMITS = { factor: 28, minPixels: 1, maxPixels: 1 };

/** The extension's side of a view: real messages, real pixels, and a record of what was asked. */
export class FakeHost {
  readonly asked: string[] = [];
  /** Whether the view said last that single keys are for commands. */
  takesKeys = false;
  /** Whether the view said last that those of a review are. */
  isReviewing = false;
  /** Whether the view said last that traces are compared. */
  isComparing = false;
  private readonly channel: ViewChannel<HostContract, WebviewContract>;
  private posted: Promise<unknown> = Promise.resolve();
  private index = 0;
  /** Whether no view has asked since it was opened. */
  private isNew = true;
  /** Of the traces that were edited: what they are now. */
  private readonly edited = new Map<number, Shown>();
  /** What was done to the trace that is shown, the last edit last. */
  readonly edits: { readonly label: string; readonly changes: readonly Change[] }[] = [];
  /** Events of the trace that is shown that were there before it was opened. */
  earlier: readonly EditEvent[] = [];
  private readonly accepted = new Set<string>();
  private revision = 0;
  /** What was said of which trace, the last at the end; of a part, with what had been said of parts before. */
  private said: { readonly index: number; readonly partVerdicts: Shown['partVerdicts'] | null }[] = [];
  private query: ListQuery = WHOLE_LIST;

  constructor(
    private readonly page: Page,
    private readonly server: PageServer,
    private readonly options: HostOptions,
  ) {
    const handlers: Handlers<HostContract> = {
      ready: () => {
        const { isNew } = this;
        this.isNew = false;
        return { ...this.state(), ...(isNew && { opened: true as const }) };
      },
      list: (query) => this.list(query),
      rows: ({ from, count }) => this.rows(from, count),
      neighbour: ({ by }) => this.neighbour(by),
      select: ({ index }) => {
        this.choose(index);
        return this.state();
      },
      peek: async ({ index }) => {
        const trace = (this.edited.get(index) ?? this.options.traces[index])?.trace;
        return trace ? [(await this.image(1, 'base', withDerived(trace))).uri] : [];
      },
      image: async ({ revision, number, pixels, past }) => {
        if (revision !== this.revision) return null;
        const subject = past && (await this.past().subject(past));
        return this.image(number, pixels, subject?.trace);
      },
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
      history: ({ revision }) => (revision === this.revision ? this.past().list() : null),
      historyEntry: ({ revision, id }) => (revision === this.revision ? this.past().detail(id) : null),
      restore: async ({ id }) => {
        const { of, changes } = await this.past().restoring(id);
        await this.edit(of === null ? 'Restore the Original' : `Restore “${of}”`, changes);
        return null;
      },
      judge: async ({ revision, verdict, why, part }) => {
        if (revision !== this.revision) throw new Error('The trace has changed meanwhile.');
        const one = saidNow(verdict, why);
        const { partVerdicts } = this.state().shown;
        this.said.push({ index: this.index, partVerdicts: part && partVerdicts });
        if (part === null) await this.showVerdict(one);
        else {
          const others = partVerdicts.filter(({ turn, shape }) => turn !== part.turn || shape !== part.shape);
          await this.showParts(verdict === 'pending' ? others : [...others, { ...part, ...one }]);
        }
        return true;
      },
      judgeAndGoOn: async ({ revision, verdict, why }) => {
        if (revision !== this.revision) throw new Error('The trace has changed meanwhile.');
        const [next, one] = [this.neighbour(1), saidNow(verdict, why)];
        this.said.push({ index: this.index, partVerdicts: null });
        await this.showVerdict(one);
        if (next !== null) this.choose(next);
        return { verdict: one, next: next === null ? null : this.state() };
      },
      undoVerdict: async () => {
        const last = this.said.findLast(({ index }) => index === this.index);
        this.said = this.said.filter((one) => one !== last);
        if (last?.partVerdicts) await this.showParts(last.partVerdicts);
        else await this.showVerdict({ verdict: 'pending', editedSince: false, said: null, others: [] });
        return null;
      },
      desk: () => {
        const { trace } = this.state().shown;
        const candidates = this.candidates();
        const subject = async () =>
          trace && {
            trace: withDerived(trace),
            lineage: [],
            limits: LIMITS,
            locate: async (path: string) => path,
          };
        return deskOf(
          { index: this.index, list: { candidates: () => candidates }, subject },
          { reasons: REASONS, advance: true },
        );
      },
      candidate: ({ revision, index }) =>
        candidateOf(
          { revision: this.revision, list: { trace: async (at) => this.listed(at) } },
          revision,
          index,
        ),
      keys: ({ forCommands, reviewing, comparing }) => {
        this.takesKeys = forCommands;
        this.isReviewing = reviewing;
        this.isComparing = comparing;
        return null;
      },
      readClipboard: () => this.page.evaluate<string>('navigator.clipboard.readText()'),
      stop: () => null,
      again: () => null,
      continueFrom: () => null,
      locateImages: () => null,
      chooseImages: () => null,
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
    this.isNew = true;
    this.choose(0);
  }

  state(): ViewState {
    const { traces, abilities = { cannotRun: null, save: false, locate: false } } = this.options;
    const shown = this.edited.get(this.index) ?? traces[this.index];
    if (!shown) throw new Error(`There is no trace ${this.index}.`);
    const title = shown.trace?.images[0]?.path ?? 'broken.traces.jsonl';
    return {
      ...{ title, index: this.index, count: traces.length, counting: false },
      shown: { ...shown, revision: this.revision },
      abilities,
    };
  }

  /** How far people agree who judged the same traces. */
  agreement = { pairs: 0, agreed: 0 };

  /** The list as the extension makes it, without a search. */
  list(query: ListQuery): ListState {
    this.query = query;
    const { order, facets } = this.table().view({ ...query, matches: null });
    const { length } = this.options.traces;
    const place = order.indexOf(this.index);
    return {
      ...{ count: order.length, read: length, total: length, reading: false, searched: null, problem: null },
      ...{ agreement: this.agreement, facets, shown: this.index, place: place < 0 ? null : place },
    };
  }

  rows(from: number, count: number): ListRow[] {
    const { order } = this.table().view({ ...this.query, matches: null });
    return [...order.subarray(from, from + count)].flatMap((index) => this.table().row(index) ?? []);
  }

  neighbour(by: 1 | -1): number | null {
    const { order } = this.table().view({ ...this.query, matches: null });
    return neighbourIn(order, this.index, by, { rising: this.query.sort === null });
  }

  private listed(index: number): ListedTrace | null {
    const at = this.edited.get(index) ?? this.options.traces[index];
    if (!at?.trace) return null;
    const { trace, key, edits, verdict } = at;
    return { trace: withDerived(trace), key, edited: edits?.edited ?? false, verdict };
  }

  private candidates(): ListRow[] {
    const table = this.table();
    return table.sameQuestion(this.index).flatMap((index) => table.row(index) ?? []);
  }

  private table(): TraceTable {
    const table = new TraceTable();
    table.append(
      this.options.traces.map(({ trace, findings }, i) =>
        rowOf({
          ...{ index: i, file: '', line: i + 1, byte: 0, raw: '', hash: String(i) },
          trace: trace && withDerived(trace),
          findings: findings.map(({ message }) => ({
            ...{ code: 'bad-json', severity: 'error', message, line: i + 1, byte: 0 },
          })),
        }),
      ),
    );
    const judged = [...this.edited].map(
      ([index, { verdict }]) => [index, { edited: null, verdict: verdict?.verdict ?? 'pending' }] as const,
    );
    table.setStates(new Map(judged));
    return table;
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

  /** Has somebody's edits be there, as if they were saved before. */
  async addEarlier(events: readonly EditEvent[]): Promise<void> {
    this.earlier = events;
    await this.showEdited([], this.history().now);
  }

  private original(): Trace {
    const original = this.options.traces[this.index]?.trace;
    if (!original) throw new Error('There is no trace.');
    return withDerived(original);
  }

  private history(): TraceHistory {
    let parent = TraceHistory.of(this.original(), this.earlier).tip;
    const mine = this.edits.map(({ label, changes }, i): EditEvent => {
      const id = `00000000-0000-4000-9000-${String(i).padStart(12, '0')}`;
      const at = new Date(Date.UTC(2026, 10, 25, 12, i)).toISOString();
      const trace = { hash: '0'.repeat(64), occurrence: 0 };
      const made = { format: 'vilasr.edit/1', type: 'edit', id, parent, at, who: 'Ann', trace } as const;
      parent = id;
      return { ...made, label, changes: [...changes] };
    });
    return TraceHistory.of(this.original(), this.earlier, mine);
  }

  private past(): PastTraces {
    const { revision } = this;
    const history = async () => this.history();
    const nothing = async () => {};
    return new PastTraces({
      revision,
      edits: { edit: nothing, acceptMarks: nothing, history },
      subject: async () => {
        return { trace: this.history().now, lineage: [], limits: LIMITS, locate: async (path) => path };
      },
    });
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

  private async showParts(partVerdicts: Shown['partVerdicts']): Promise<void> {
    this.edited.set(this.index, { ...this.state().shown, partVerdicts });
    await this.call('show', this.state());
  }

  private changed(changes: readonly Change[]): Trace {
    const { trace } = this.state().shown;
    if (!trace) throw new Error('There is no trace.');
    return applyChanges(withDerived(trace), changes);
  }

  private async showEdited(changes: readonly Change[], trace = this.changed(changes)): Promise<void> {
    const all = this.edits.flatMap((one) => one.changes);
    const { marks } = traceCascade(this.original(), all, trace);
    const edits = { edited: all.length > 0, marks: marks.filter(({ key }) => !this.accepted.has(key)) };
    const { verdict: before, ...shown } = this.state().shown;
    const isPending = (before?.said?.verdict ?? 'pending') === 'pending' || all.length === 0;
    const verdict =
      before && !isPending ? { ...before, verdict: 'pending' as const, editedSince: true } : before;
    this.edited.set(this.index, { ...shown, verdict, trace: asShown(trace), edits });
    this.revision++;
    await this.call('show', this.state());
  }

  private async image(number: number, pixels: 'base' | 'seen', of?: Trace) {
    const trace = of ?? this.state().shown.trace;
    if (!trace) throw new Error('There is no trace.');
    const { images } = deriveTurns(trace.images.length, trace.turns);
    const image = images[number - 1];
    const input = trace.images[(image?.root ?? 0) - 1];
    const path = input && this.options.pictures?.[input.path];
    if (!image || !path) throw new Error(`${input?.path ?? `Image ${number}`} is not there.`);
    const { width, height, data } = await pixelsOf(path, pixels === 'seen' ? lineOf(images, number) : []);
    const png = await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    // Pictures of the history differ from those of now under the same number.
    const moment = of ? `-${createHash('sha256').update(png).digest('hex').slice(0, 12)}` : '';
    const name = `${trace.id}-${pixels === 'seen' ? number : image.root}-${pixels}${moment}`;
    const uri = this.server.addImage(name, png);
    return { uri, width, height, file: input.file ?? { width, height } };
  }
}

/** A trace as it is sent to a view, which derives the rest by itself. */
function asShown({ turns, ...trace }: Trace): NonNullable<Shown['trace']> {
  const heard = turns.map(({ text, finish, tokens, seconds }) => ({ text, finish, tokens, seconds }));
  return { ...trace, turns: heard };
}
