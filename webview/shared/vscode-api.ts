/** What VS Code gives a webview, once, by the global function of this name. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The way to the extension. It can be acquired once in the life of a page. */
export const vscode: VsCodeApi = acquireVsCodeApi();
