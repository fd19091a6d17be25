import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { viewHtml } from './view-html';

/**
 * Loads a view into a panel.
 *
 * @param name of its script and its style sheet in `dist/webview`.
 * @param roots further folders that it may load files from.
 */
export function loadView(
  { webview, title }: vscode.WebviewPanel,
  name: 'trace' | 'sampling',
  extensionUri: vscode.Uri,
  roots: readonly vscode.Uri[] = [],
): void {
  const dist = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  const uriOf = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, file)).toString();
  webview.options = { enableScripts: true, localResourceRoots: [dist, ...roots] };
  webview.html = viewHtml({
    script: uriOf(`${name}.js`),
    style: uriOf(`${name}.css`),
    source: webview.cspSource,
    nonce: randomBytes(16).toString('base64'),
    language: vscode.env.language,
    title,
    translations: vscode.l10n.bundle,
  });
}
