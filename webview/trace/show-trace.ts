import { t } from '@vscode/l10n';
import { explain } from '../shared/explain';
import type { Store } from '../shared/store';
import type { Editor } from './edit/editor';
import type { Host } from './host';
import type { Action } from './model/actions';
import type { AppState } from './model/state';

type TraceStore = Store<AppState, Action>;

/** Shows the trace before or after, as the list has them; stays at the ends. */
export async function stepTrace(store: TraceStore, host: Host, editor: Editor, by: -1 | 1): Promise<void> {
  const { view, asking } = store.state;
  if (view === null || asking !== null) return;
  const index = await host.neighbour(by).catch(() => null);
  if (index !== null) await showTrace(store, host, editor, index, by);
}

/** Shows another trace of the file; `by` says in which direction one is likely to go on. */
export async function showTrace(
  store: TraceStore,
  host: Host,
  editor: Editor,
  index: number,
  by: -1 | 1 = 1,
): Promise<void> {
  if (store.state.view === null || store.state.asking !== null || store.state.view.index === index) return;
  store.dispatch({ type: 'asking', what: t('Opening…') });
  // Edits are of the trace that the host shows.
  await editor.flush();
  try {
    store.dispatch({ type: 'show', view: await host.select(index) });
  } catch (error) {
    store.dispatch({ type: 'notice', notice: { kind: 'error', text: explain(error) } });
  }
  store.dispatch({ type: 'asking', what: null });
  void lookAhead(host, by);
}

/** Whoever goes from one trace to the next goes on so. */
export async function lookAhead(host: Host, by: -1 | 1): Promise<void> {
  const next = await host.neighbour(by).catch(() => null);
  if (next !== null) await host.peek.wish(next);
}
