import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { ensureChromium } from '../../../scripts/e2e/chromium.mjs';
import { FakeHost, type HostOptions } from './fake-host';
import { PageServer } from './page-server';
import { PAGE_SIDE } from './page-side';
import type { Theme } from './themes';

/** Where screenshots go, which nobody commits. */
const SCREENSHOTS = join(import.meta.dirname, '../../../test-out/webview');

/** One browser and one server for the tests of a file. */
export interface Workbench {
  readonly browser: Browser;
  readonly server: PageServer;
  close(): Promise<void>;
}

export async function openWorkbench(): Promise<Workbench> {
  const server = await PageServer.start();
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ],
  });
  return {
    browser,
    server,
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

export interface ViewOptions extends HostOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
}

/** A view in a page of its own. */
export class TraceViewPage {
  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
    readonly host: FakeHost,
    /** What the page complained about: errors of scripts and breaches of its policy. */
    readonly complaints: readonly string[],
  ) {}

  static async open({ browser, server }: Workbench, options: ViewOptions): Promise<TraceViewPage> {
    const { theme = 'dark', width = 1280, height = 800 } = options;
    const context = await browser.newContext({ viewport: { width, height } });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    const host = new FakeHost(page, server, options);
    await page.exposeBinding('toHost', (_, json: string) => host.receive(json));
    await page.addInitScript(PAGE_SIDE);
    await page.goto(server.pageUrl({ theme }));
    return new TraceViewPage(context, page, host, complaints);
  }

  byId(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  /** Chooses a turn by its head, counted from 1. */
  chooseTurn(number: number): Promise<void> {
    return this.page.getByRole('button', { name: `Turn ${number}`, exact: true }).click();
  }

  /** Waits until the stage shows so many shapes. */
  async waitForShapes(count: number): Promise<void> {
    await this.page.waitForSelector(`[data-testid=stage][data-drawn="${count}"]`);
  }

  /** Where a point of model space is on the page, in CSS pixels. */
  async pointOf(x: number, y: number): Promise<{ x: number; y: number }> {
    const stage = this.byId('stage');
    const box = await stage.boundingBox();
    const [scale, left, top] = await Promise.all(
      ['data-scale', 'data-x', 'data-y'].map(async (name) => Number(await stage.getAttribute(name))),
    );
    return {
      x: (box?.x ?? 0) + (left ?? 0) + x * (scale ?? 1),
      y: (box?.y ?? 0) + (top ?? 0) + y * (scale ?? 1),
    };
  }

  async screenshot(name: string): Promise<void> {
    await mkdir(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
