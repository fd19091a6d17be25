import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import type { Handlers } from '../../../src/protocol/contract';
import {
  type SamplingHostContract,
  type SamplingState,
  type SamplingWebviewContract,
  samplingHostContract,
  samplingWebviewContract,
} from '../../../src/view/sampling-view';
import { ViewChannel } from '../../../src/view/view-channel';
import type { Workbench } from './open-view';
import { PAGE_SIDE } from './page-side';
import { ROOT } from './root';
import type { Theme } from './themes';

const SCREENSHOTS = join(ROOT, 'test-out/webview');

export interface SamplingOptions {
  readonly state: SamplingState;
  readonly theme?: Theme;
  readonly width?: number;
  readonly handlers?: Partial<Handlers<SamplingHostContract>>;
}

/** The view of a sampling in a page of its own, with the extension's side of it: real messages. */
export class SamplingViewPage {
  /** What the view asked for, in order. */
  readonly asked: string[] = [];
  readonly complaints: string[] = [];
  private posted: Promise<unknown> = Promise.resolve();
  private readonly channel: ViewChannel<SamplingHostContract, SamplingWebviewContract>;

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
    private state: SamplingState,
    handlers: Partial<Handlers<SamplingHostContract>>,
  ) {
    const note = (what: string) => () => {
      this.asked.push(what);
      return null;
    };
    this.channel = new ViewChannel<SamplingHostContract, SamplingWebviewContract>({
      mine: {
        name: 'host',
        contract: samplingHostContract,
        handlers: {
          ready: () => this.state,
          ...{ pause: note('pause'), goOn: note('goOn'), stop: note('stop') },
          ...{ open: note('open'), review: note('review'), showLog: note('showLog') },
          ...handlers,
        },
        failureOf: (error) => ({ message: error instanceof Error ? error.message : String(error) }),
      },
      theirs: { name: 'webview', contract: samplingWebviewContract, title: 'the view' },
      post: (message) => {
        const script = `window.postMessage(${JSON.stringify(message)}, '*')`;
        this.posted = this.posted.then(() => page.evaluate(script)).catch(() => undefined);
      },
    });
  }

  static async open(
    { browser, server }: Workbench,
    { state, theme = 'dark', width = 1000, handlers = {} }: SamplingOptions,
  ): Promise<SamplingViewPage> {
    const context = await browser.newContext({ viewport: { width, height: 640 } });
    const page = await context.newPage();
    const view = new SamplingViewPage(context, page, state, handlers);
    page.on('pageerror', (error) => view.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') view.complaints.push(message.text());
    });
    await page.exposeBinding('toHost', (_, json: string) => view.channel.receive(JSON.parse(json)));
    await page.addInitScript(PAGE_SIDE);
    await page.goto(server.pageUrl(theme, {}, 'sampling'));
    await view.byId('set').waitFor();
    return view;
  }

  /** Has something else to show, and says so. */
  async show(state: SamplingState): Promise<void> {
    this.state = state;
    await this.channel.caller.call('show', state);
  }

  byId(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  /** What the page has kept, as the extension would find it. */
  async kept(): Promise<unknown> {
    return JSON.parse((await this.page.evaluate<string | null>("sessionStorage.getItem('state')")) ?? 'null');
  }

  async screenshot(name: string): Promise<void> {
    await mkdir(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
