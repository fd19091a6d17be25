import { render } from 'preact';
import type { SamplingState } from '../../src/view/sampling-view';
import { explain } from '../shared/explain';
import { takeTranslations } from '../shared/translations';
import { vscode } from '../shared/vscode-api';
import { App } from './app';
import { type Deed, Host } from './host';
import './sampling.css';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element for the view.');
takeTranslations(root);

let state: SamplingState | null = null;
let problem: string | null = null;

const host = new Host(show, (message) => vscode.postMessage(message));
window.addEventListener('message', ({ data }) => host.receive(data));

function show(shown: SamplingState): void {
  // By it the extension finds the sampling again when the window was closed meanwhile.
  if (state?.path !== shown.path) vscode.setState({ path: shown.path });
  state = shown;
  paint();
}

function fail(error: unknown): void {
  problem = explain(error);
  paint();
}

function act(deed: Deed): void {
  problem = null;
  host.do(deed).catch(fail);
}

function paint(): void {
  if (root !== null) render(<App state={state} problem={problem} onDeed={act} />, root);
}

paint();
host.ready().then(show, fail);
