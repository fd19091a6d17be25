import { t } from '@vscode/l10n';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Handlers, Result } from '../../src/protocol/contract';
import type { Change } from '../../src/trace/edit/change';
import {
  type HostContract,
  hostContract,
  type WebviewContract,
  webviewContract,
} from '../../src/view/trace-view';
import { ViewChannel, type ViewMessage } from '../../src/view/view-channel';
import { explain } from './explain';

/** An image of the trace as the view may load it: its place, its size in model space, and that of its file. */
export type ViewImage = Result<HostContract, 'image'>;

/** For calls that ask nobody anything; a dialog may stay open as long as it likes. */
const TIMEOUT = 60_000;

/** The extension, as the view knows it. */
export class Host {
  private readonly channel: ViewChannel<WebviewContract, HostContract>;
  private readonly images = new Map<string, Promise<ViewImage>>();

  constructor(handlers: Handlers<WebviewContract>, post: (message: ViewMessage) => void) {
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

  /** Changes the trace that is shown; what came of it is shown before this ends. */
  edit(label: string, changes: readonly Change[]) {
    return this.channel.caller.call('edit', { label, changes }, { timeout: TIMEOUT });
  }

  acceptMarks(keys: readonly string[]) {
    return this.channel.caller.call('acceptMarks', { keys }, { timeout: TIMEOUT });
  }

  stop() {
    return this.channel.caller.call('stop', {}, { timeout: TIMEOUT });
  }

  again(seed: 'same' | 'new') {
    return this.channel.caller.call('again', { seed });
  }

  save() {
    return this.channel.caller.call('save', {});
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

  /** An image of the trace `trace`, which is the one that is shown. What failed is asked for again the next time. */
  image(trace: string, number: number, pixels: 'base' | 'seen'): Promise<ViewImage> {
    const key = imageKey(trace, number, pixels);
    const known = this.images.get(key);
    if (known) return known;
    const asked = this.channel.caller.call('image', { number, pixels }, { timeout: TIMEOUT });
    this.images.set(key, asked);
    asked.catch(() => this.images.delete(key));
    return asked;
  }

  /** Asks for an image anew the next time. */
  forgetImage(trace: string, number: number, pixels: 'base' | 'seen'): void {
    this.images.delete(imageKey(trace, number, pixels));
  }
}

const imageKey = (...of: readonly [trace: string, number: number, pixels: 'base' | 'seen']): string =>
  JSON.stringify(of);

export const HostContext = createContext<Host | null>(null);

export function useHost(): Host {
  const host = useContext(HostContext);
  if (host === null) throw new Error('The component stands outside of the provider of the host.');
  return host;
}
