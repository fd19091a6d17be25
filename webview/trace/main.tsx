import { render } from 'preact';
import type { ViewState } from '../../src/view/trace-view';
import { explain } from '../shared/explain';
import { Store } from '../shared/store';
import { takeTranslations } from '../shared/translations';
import { vscode } from '../shared/vscode-api';
import { App } from './app';
import { hostCommands } from './commands';
import { takeClipboardKeys } from './edit/clipboard-keys';
import { Editor } from './edit/editor';
import { EditorContext } from './edit/editor-context';
import { Host, HostContext } from './host';
import { watchKeys } from './keys';
import type { Action } from './model/actions';
import { initialState } from './model/initial-state';
import { reduce } from './model/reduce';
import { readSavedState, stateToSave } from './model/saved-state';
import type { AppState } from './model/state';
import { TextBuffer } from './model/text-buffer';
import { toggleReview } from './review/commands';
import { StoreProvider } from './store';
import './styles/index.css';

/** How long what is shown must stay the same before it is saved, in milliseconds. */
const SAVE_AFTER = 100;

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element for the view.');
takeTranslations(root);

const saved = readSavedState(vscode.getState());
const store = new Store<AppState, Action>(initialState(saved), reduce);
const { dispatch } = store;

const said = new TextBuffer((text) => dispatch({ type: 'text', text }), {
  now: () => performance.now(),
  after: (milliseconds, run) => setTimeout(run, milliseconds),
  // Components render in a microtask of their own, which comes first.
  rendered: (run) => queueMicrotask(run),
});

const host = new Host(
  {
    show: (view) => {
      said.clear();
      show(view);
      return null;
    },
    text: ({ text }) => {
      said.add(text);
      return null;
    },
    turn: (turn) => {
      said.clear();
      dispatch({ type: 'turn', turn });
      return null;
    },
    prefill: ({ done, total }) => {
      dispatch({ type: 'prefill', done, total });
      return null;
    },
    run: (run) => {
      dispatch({ type: 'run', run });
      return null;
    },
    count: ({ count, counting }) => {
      dispatch({ type: 'count', count, counting });
      return null;
    },
    image: (told) => {
      host.takeImage(told);
      return null;
    },
    listChanged: () => {
      dispatch({ type: 'list-news' });
      return null;
    },
    command: ({ command }) => {
      hostCommands(store, host, editor)[command]();
      return null;
    },
    reason: ({ number }) => {
      dispatch({ type: 'reason', number });
      return null;
    },
  },
  (message) => vscode.postMessage(message),
  () => (store.state.options.pixels === 'seen' ? 'seen' : 'base'),
);
const editor = new Editor(store, host);
takeClipboardKeys(store, editor);
window.addEventListener('message', ({ data }) => host.receive(data));
watchKeys(host, store);

let timer: ReturnType<typeof setTimeout> | undefined;
store.subscribe(() => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const state = stateToSave(store.state);
    if (state !== null) vscode.setState(state);
  }, SAVE_AFTER);
});

async function open(): Promise<void> {
  const view = await host.ready();
  const { index, count, counting, goal, opened } = view;
  // While the file is counted, the trace of before may yet be found: the host waits for it.
  const known =
    goal === undefined && saved !== null && saved.index !== index && (saved.index < count || counting);
  show(known ? await host.select(saved.index) : view);
  // What was kept may be from some time before the window was closed: a review goes on with what is still to be judged.
  if (opened && saved?.reviewing) dispatch({ type: 'review', review: { begins: true } });
}

/** Shows what the host has, and begins a review if somebody came here for that. */
function show(view: ViewState): void {
  dispatch({ type: 'show', view });
  if (view.goal?.review === true && !store.state.review.open) toggleReview(store);
}

open().catch((error) => dispatch({ type: 'fail', message: explain(error) }));

render(
  <StoreProvider value={store}>
    <HostContext.Provider value={host}>
      <EditorContext.Provider value={editor}>
        <App />
      </EditorContext.Provider>
    </HostContext.Provider>
  </StoreProvider>,
  root,
);
