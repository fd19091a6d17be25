import { t } from '@vscode/l10n';
import type { Store } from '../../shared/store';
import type { Editor } from '../edit/editor';
import type { Host } from '../host';
import type { Action } from '../model/actions';
import { toggleCompared } from '../model/compare';
import type { AppState } from '../model/state';
import { showTrace } from '../show-trace';

type TraceStore = Store<AppState, Action>;

/** The element that has the comparison. */
export const COMPARE_ID = 'compare';

/** Compares the trace that is shown with other answers to its question, or ends that. A file of one trace has none. */
export function toggleCompare(store: TraceStore): void {
  const { view, compare } = store.state;
  if (compare.open) {
    endCompare(store);
    return;
  }
  if (view === null) return;
  if (view.count < 2 && !view.counting) {
    const text = t('There is but one trace: there is nothing to compare it with.');
    store.dispatch({ type: 'notice', notice: { kind: 'done', text } });
    return;
  }
  store.dispatch({ type: 'compare', compare: { open: true, among: [] } });
}

/** Ends it; keys that went to it go to the stage then. */
export function endCompare({ dispatch }: TraceStore): void {
  const hadFocus = document.getElementById(COMPARE_ID)?.contains(document.activeElement) ?? false;
  dispatch({ type: 'compare', compare: { open: false } });
  dispatch({ type: 'say', text: t('The comparison has ended.') });
  if (hadFocus) document.querySelector<HTMLElement>('[data-testid="stage"]')?.focus();
}

/** Takes an answer into the comparison, which begins with it, or leaves it out, which ends with the last. */
export function compareWith(store: TraceStore, index: number): void {
  const { view, compare } = store.state;
  if (view === null) return;
  const among = toggleCompared(compare.open ? compare.among : [], index, view.index);
  if (among.length < 2) endCompare(store);
  else store.dispatch({ type: 'compare', compare: { open: true, among } });
}

/** Makes the column before or after the trace that is shown; stays at the ends. */
export async function stepCompared(store: TraceStore, host: Host, editor: Editor, by: 1 | -1): Promise<void> {
  const { compare, view } = store.state;
  const place = compare.among.indexOf(view?.index ?? -1);
  const next = place < 0 ? undefined : compare.among[place + by];
  if (next !== undefined) await showTrace(store, host, editor, next);
}
