import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { viewHtml } from '../../../src/host/view/view-html';
import { ROOT } from './root';
import { THEMES, type Theme, themeProperties } from './themes';

const DIST = join(ROOT, 'dist/webview');

/** The views there are. */
const VIEWS = ['trace', 'sampling'] as const;
export type View = (typeof VIEWS)[number];

/** Of the style that VS Code gives each webview before its own, what a view must not be surprised by. */
const VSCODE_STYLE = `
  html { scrollbar-color: rgba(121, 121, 121, 0.4) var(--vscode-editor-background); }
  body { margin: 0; padding: 0 20px; font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); }
  img, video { max-width: 100%; max-height: 100%; }
  a, a code { color: var(--vscode-textLink-foreground); }
  code { color: red; background-color: yellow; padding: 1px 3px; border-radius: 4px; }
  pre code { padding: 0; }
`;

/** Serves the page of a view as the extension makes it, its built files, and images, on this machine alone. */
export class PageServer {
  private readonly images = new Map<string, Uint8Array>();

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(): Promise<PageServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const started = new PageServer(server, `http://127.0.0.1:${port}`);
    server.on('request', (request, response) => {
      started.answer(new URL(request.url ?? '/', started.origin)).then(
        ({ type, body }) => response.writeHead(200, { 'content-type': type }).end(body),
        () => response.writeHead(404).end(),
      );
    });
    return started;
  }

  /** Where a page in this theme is, with these translations. */
  pageUrl(theme: Theme, translations: Readonly<Record<string, string>> = {}, view: View = 'trace'): string {
    const query = new URLSearchParams({ view, theme, translations: JSON.stringify(translations) });
    return `${this.origin}/?${query}`;
  }

  /** Puts a PNG where the page may load it. */
  addImage(name: string, png: Uint8Array): string {
    this.images.set(`/images/${name}.png`, png);
    return `${this.origin}/images/${name}.png`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async answer({
    pathname,
    searchParams,
  }: URL): Promise<{ type: string; body: string | Uint8Array }> {
    if (pathname === '/') {
      return { type: 'text/html', body: this.html(searchParams) };
    }
    const view = VIEWS.find((name) => pathname.startsWith(`/dist/${name}.`));
    if (view !== undefined && pathname.endsWith('.js')) {
      return { type: 'text/javascript', body: await readFile(join(DIST, `${view}.js`)) };
    }
    if (view !== undefined && pathname.endsWith('.css'))
      return { type: 'text/css', body: await readFile(join(DIST, `${view}.css`)) };
    // Browsers ask for it by themselves.
    if (pathname === '/favicon.ico') return { type: 'image/png', body: '' };
    const image = this.images.get(pathname);
    if (image) return { type: 'image/png', body: image };
    throw new Error(`There is no ${pathname}.`);
  }

  /** The extension's page. VS Code sets the theme before it and without regard to the page's policy. */
  private html(query: URLSearchParams): string {
    const theme = THEMES.find((name) => name === query.get('theme')) ?? 'dark';
    const view = VIEWS.find((name) => name === query.get('view')) ?? 'trace';
    const page = viewHtml({
      script: `${this.origin}/dist/${view}.js`,
      style: `${this.origin}/dist/${view}.css`,
      source: this.origin,
      nonce: randomBytes(16).toString('base64'),
      language: 'en',
      title: 'Trace',
      translations: JSON.parse(query.get('translations') ?? '{}'),
    });
    const properties = Object.entries(themeProperties(theme)).map(([name, value]) => `${name}: ${value};`);
    return page
      .replace('<html ', () => `<html style="${properties.join(' ').replaceAll('"', '&quot;')}" `)
      .replace('<head>', () => `<head>\n  <style>${VSCODE_STYLE}</style>`)
      .replace('<body>', () => `<body class="vscode-${theme}" data-vscode-theme-kind="vscode-${theme}">`);
  }
}
