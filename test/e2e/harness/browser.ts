import { type Browser, type ConsoleMessage, chromium, type Page } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where a webview's document and its resources come from, in the addresses of messages and stacks. */
const WEBVIEW = /vscode-resource|vscode-webview|webview\/browser\/pre|fake\.html/;

export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Collects what goes wrong in the webviews of a page from now on. The workbench has errors of its own, offline. */
export function collectWebviewErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && isOfWebview(message)) errors.push(message.text());
  });
  page.on('pageerror', (error) => {
    if (WEBVIEW.test(error.stack ?? '')) errors.push(error.stack ?? error.message);
  });
  return errors;
}

function isOfWebview(message: ConsoleMessage): boolean {
  return WEBVIEW.test(message.location().url) || WEBVIEW.test(message.text());
}
