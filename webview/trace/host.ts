import { t } from '@vscode/l10n';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Handlers, Params, Result } from '../../src/protocol/contract';
import type { Change } from '../../src/trace/edit/change';
import type { Verdict } from '../../src/trace/verdict';
import type { PastTrace } from '../../src/view/trace-history';
import type { ListQuery } from '../../src/view/trace-list';
import {
  type HostContract,
  hostContract,
  type ImagePixels,
  type WebviewContract,
  webviewContract,
} from '../../src/view/trace-view';
import type { PartPlace, Why } from '../../src/view/verdict';
import { ViewChannel, type ViewMessage } from '../../src/view/view-channel';
import { explain } from '../shared/explain';
import { Peek } from './peek';

/** An image of the trace as the view may load it: its place, its size in model space, and that of its file. */
export type ViewImage = NonNullable<Result<HostContract, 'image'>>;

/** Which image: `revision` is that of the trace that is shown; `past` says of which trace of its history, if of one. */
type ImageName = readonly [
  revision: number,
  number: number,
  pixels: ImagePixels,
  past?: PastTrace | undefined,
];

const keyOf = ([revision, number, pixels, past]: ImageName): string =>
  JSON.stringify([revision, number, pixels, past]);

/** For calls that ask nobody anything; a dialog may stay open as long as it likes. */
const TIMEOUT = 60_000;

/** The extension, as the view knows it. */
export class Host {
  private readonly channel: ViewChannel<WebviewContract, HostContract>;
  private readonly images = new Map<string, Promise<ViewImage | null>>();
  /** Pictures of traces that may be chosen next. */
  readonly peek = new Peek((index) =>
    this.channel.caller.call('peek', { index, pixels: this.pixels() }, { timeout: TIMEOUT }),
  );

  /** `pixels` tells in which ones the stage shows images. */
  constructor(
    handlers: Handlers<WebviewContract>,
    post: (message: ViewMessage) => void,
    private readonly pixels: () => ImagePixels,
  ) {
    this.channel = new ViewChannel({
      mine: {
        name: 'webview',
        contract: webviewContract,
        handlers,
        failureOf: (error) => ({ message: explain(error) }),
      },
      theirs: { name: 'host', contract: hostContract, title: t('The extension') },
      post,
    });
  }

  /** Takes a message of the page. */
  receive(raw: unknown): void {
    this.channel.receive(raw);
  }

  ready() {
    return this.channel.caller.call('ready', {}, { timeout: TIMEOUT });
  }

  select(index: number) {
    return this.channel.caller.call('select', { index }, { timeout: TIMEOUT });
  }

  /** Shows other rows of the list of traces from now on. */
  list({ sort, filters, slice, search }: ListQuery) {
    return this.channel.caller.call('list', { sort, filters, slice, search }, { timeout: TIMEOUT });
  }

  /** Rows of the list, by their places. */
  rows(from: number, count: number) {
    return this.channel.caller.call('rows', { from, count }, { timeout: TIMEOUT });
  }

  /** The trace after or before the one that is shown, as the list goes; null at its end. */
  neighbour(by: 1 | -1) {
    return this.channel.caller.call('neighbour', { by }, { timeout: TIMEOUT });
  }

  /** Changes the trace that is shown; what came of it is shown before this ends. */
  edit(revision: number, label: string, changes: readonly Change[]) {
    return this.channel.caller.call('edit', { revision, label, changes }, { timeout: TIMEOUT });
  }

  acceptMarks(revision: number, keys: readonly string[]) {
    return this.channel.caller.call('acceptMarks', { revision, keys }, { timeout: TIMEOUT });
  }

  /** The edits of the trace that is shown, the newest first; null if the host is about to show another one. */
  history(revision: number) {
    return this.channel.caller.call('history', { revision }, { timeout: TIMEOUT });
  }

  /** What an edit did, or how the original (null) differs from what is now; null as for `history`. */
  historyEntry(revision: number, id: string | null) {
    return this.channel.caller.call('historyEntry', { revision, id }, { timeout: TIMEOUT });
  }

  /** Makes the trace what it was after an edit, or the original (null); what came of it is shown before this ends. */
  restore(revision: number, id: string | null) {
    return this.channel.caller.call('restore', { revision, id }, { timeout: TIMEOUT });
  }

  /** Says what the user thinks of the trace, and leads to the next of the list. */
  judgeAndGoOn(revision: number, verdict: Verdict, why: Why) {
    return this.channel.caller.call('judgeAndGoOn', { revision, verdict, why }, { timeout: TIMEOUT });
  }

  /** Says what the user thinks of the trace, or of a part of it alone; false if they thought better of it. Without `why` they may be asked first. */
  judge(revision: number, verdict: Verdict, why: Why | null, part: PartPlace | null = null) {
    return this.channel.caller.call('judge', { revision, verdict, why, part });
  }

  /** What a review of the trace that is shown needs, or a comparison of it with others. */
  desk() {
    return this.channel.caller.call('desk', {}, { timeout: TIMEOUT });
  }

  /** Another trace of the file, to be compared with the one that is shown; null if the host is about to show another one. */
  candidate(revision: number, index: number) {
    return this.channel.caller.call('candidate', { revision, index }, { timeout: TIMEOUT });
  }

  undoVerdict(revision: number) {
    return this.channel.caller.call('undoVerdict', { revision }, { timeout: TIMEOUT });
  }

  /** Whether single keys are for commands, and whether for those of a review and of a comparison. */
  keys(keys: Params<HostContract, 'keys'>) {
    return this.channel.caller.call('keys', keys, { timeout: TIMEOUT });
  }

  readClipboard() {
    return this.channel.caller.call('readClipboard', {}, { timeout: TIMEOUT });
  }

  stop() {
    return this.channel.caller.call('stop', {}, { timeout: TIMEOUT });
  }

  again(seed: 'same' | 'new') {
    return this.channel.caller.call('again', { seed });
  }

  continueFrom(revision: number, turn: number) {
    return this.channel.caller.call('continueFrom', { revision, turn });
  }

  save() {
    return this.channel.caller.call('save', {});
  }

  locateImages() {
    return this.channel.caller.call('locateImages', {});
  }

  /** Asks for picture files to be input images; null if none was chosen. */
  chooseImages(several: boolean) {
    return this.channel.caller.call('chooseImages', { several });
  }

  copy(as: 'json' | 'markdown') {
    return this.channel.caller.call('copy', { as }, { timeout: TIMEOUT });
  }

  exportImages() {
    return this.channel.caller.call('exportImages', {});
  }

  showLog() {
    return this.channel.caller.call('showLog', {}, { timeout: TIMEOUT });
  }

  /**
   * An image of the trace that is shown, or of its history; null if the host has another one by now, and is about to show it. What was not to
   * be had is asked for again the next time.
   */
  image(...name: ImageName): Promise<ViewImage | null> {
    const key = keyOf(name);
    const known = this.images.get(key);
    if (known) return known;
    const [revision, number, pixels, past] = name;
    const params = { revision, number, pixels, ...(past && { past }) };
    const asked = this.channel.caller.call('image', params, { timeout: TIMEOUT });
    this.images.set(key, asked);
    asked.then(
      (image) => image ?? this.forgetImage(...name),
      () => this.forgetImage(...name),
    );
    return asked;
  }

  /** Takes an image that nobody asked for yet, and begins to load it. */
  takeImage({ revision, number, pixels, image }: Params<WebviewContract, 'image'>): void {
    const key = keyOf([revision, number, pixels]);
    if (this.images.has(key)) return;
    this.images.set(key, Promise.resolve(image));
    this.peek.load(image.uri);
  }

  /** Asks for an image anew the next time. */
  forgetImage(...name: ImageName): void {
    this.images.delete(keyOf(name));
  }
}

export const HostContext = createContext<Host | null>(null);

export function useHost(): Host {
  const host = useContext(HostContext);
  if (host === null) throw new Error('The component stands outside of the provider of the host.');
  return host;
}
