import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { ensureChromium } from '../../../scripts/e2e/chromium.mjs';
import { FakeHost, type HostOptions } from './fake-host';
import { PageServer } from './page-server';
import { PAGE_SIDE } from './page-side';
import { ROOT } from './root';
import type { Theme } from './themes';

/** Where screenshots go, which nobody commits. */
const SCREENSHOTS = join(ROOT, 'test-out/webview');

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
  /** Of the view's texts, by what they are in the code. */
  readonly translations?: Readonly<Record<string, string>>;
  /** Runs in the page before the view's own script. */
  readonly script?: string;
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
    await context.grantPermissions(['clipboard-read']);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      const grave = message.type() === 'error' || message.type() === 'warning';
      // That the test reads pixels back is no matter of the page.
      if (grave && !message.text().includes('willReadFrequently')) complaints.push(message.text());
    });
    const host = new FakeHost(page, server, options);
    await page.exposeBinding('toHost', (_, json: string) => host.receive(json));
    await page.addInitScript(`${PAGE_SIDE}${options.script ?? ''}`);
    await page.goto(server.pageUrl(theme, options.translations));
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
    const box = await this.byId('stage').boundingBox();
    const [scale, left, top] = await this.placement();
    return { x: (box?.x ?? 0) + left + x * scale, y: (box?.y ?? 0) + top + y * scale };
  }

  /** CSS pixels for one of model space. */
  async scale(): Promise<number> {
    return (await this.placement())[0];
  }

  async moveTo(x: number, y: number): Promise<void> {
    const point = await this.pointOf(x, y);
    await this.page.mouse.move(point.x, point.y);
  }

  /** The shapes that stand out, by kind of element: in the list, in JSON, in words. */
  async lit(): Promise<readonly string[]> {
    const marked = await this.page.locator('[data-lit=true]').all();
    const seen = marked.map(async (element) => {
      const kind = (await element.getAttribute('class'))?.split(' ')[0];
      return `${kind} ${await element.getAttribute('data-shape-id')}`;
    });
    return [...new Set(await Promise.all(seen))].sort();
  }

  /** The canvas's pixel at a point of model space, as red, green, blue and alpha: of shapes alone, without the image. */
  async canvasPixel(x: number, y: number): Promise<readonly number[]> {
    const [scale, left, top] = await this.placement();
    const at = [left + x * scale, top + y * scale];
    return this.page.evaluate(`(() => {
      const canvas = document.querySelector('[data-testid=stage-canvas]');
      const [x, y] = ${JSON.stringify(at)}.map((value) => Math.floor(value * devicePixelRatio));
      return [...canvas.getContext('2d').getImageData(x, y, 1, 1).data];
    })()`);
  }

  /** Where model space lies on the stage: CSS pixels for one of its pixels, and where its origin is. */
  async placement(): Promise<readonly [scale: number, x: number, y: number]> {
    const stage = this.byId('stage');
    const read = async (name: string) => Number(await stage.getAttribute(name));
    return [await read('data-scale'), await read('data-x'), await read('data-y')];
  }

  async screenshot(name: string): Promise<void> {
    await mkdir(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
