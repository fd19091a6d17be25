/**
 * What VS Code's side of a webview does in the page, as a script that runs before those of the page: the function that
 * hands out the way to the extension, and where the state is kept. `toHost` is the binding to the test.
 */
export const PAGE_SIDE = `
  let kept = JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined;
  let acquired = false;
  globalThis.acquireVsCodeApi = () => {
    if (acquired) throw new Error('The way to the extension can be acquired once.');
    acquired = true;
    return {
      postMessage: (message) => { toHost(JSON.stringify(message)); },
      getState: () => kept,
      setState: (state) => {
        kept = state;
        sessionStorage.setItem('state', JSON.stringify(state));
      },
    };
  };
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
    console.error('CSP: ' + violatedDirective + ' ' + blockedURI + ' ' + sourceFile);
  });
`;
