import { t } from '@vscode/l10n';
import type { ViewCommand } from '../../src/view/trace-view';
import type { Store } from '../shared/store';
import { ask } from './ask';
import type { Editor } from './edit/editor';
import type { Host } from './host';
import { judge, judgePart } from './judge';
import type { Action } from './model/actions';
import { type AppState, isRunning } from './model/state';
import type { ZoomTarget } from './model/zoom';
import { reviewCommands } from './review/commands';
import { stepTrace } from './show-trace';

type TraceStore = Store<AppState, Action>;

/** What the commands of the host do here. */
export function hostCommands(
  store: TraceStore,
  host: Host,
  editor: Editor,
): Readonly<Record<ViewCommand, () => void>> {
  const zoom = (to: ZoomTarget) => store.dispatch({ type: 'zoom', to });
  return {
    previousTurn: () => stepTurn(store, -1),
    nextTurn: () => stepTurn(store, 1),
    previousImage: () => stepImage(store, -1),
    nextImage: () => stepImage(store, 1),
    previousTrace: () => void stepTrace(store, host, editor, -1),
    nextTrace: () => void stepTrace(store, host, editor, 1),
    toggleList: () => toggleList(store),
    searchTraces: () => searchTraces(store),
    zoomIn: () => zoom('in'),
    zoomOut: () => zoom('out'),
    zoomToFit: () => zoom('fit'),
    zoomToActualSize: () => zoom('actual'),
    toggleSeen: () => toggleSeen(store),
    continueFromHere: () => void continueFrom(store, host, editor, store.state.choice.turn ?? 0),
    toggleHistory: () => toggleHistory(store),
    approve: () => void judge(store, host, editor, 'approve'),
    reject: () => void judge(store, host, editor, 'reject'),
    needsEdit: () => void judge(store, host, editor, 'needsEdit'),
    clearVerdict: () => void judge(store, host, editor, 'clearVerdict'),
    undoVerdict: () => void judge(store, host, editor, 'undoVerdict'),
    approvePart: () => void judgePart(store, host, editor, 'approvePart'),
    rejectPart: () => void judgePart(store, host, editor, 'rejectPart'),
    needsEditPart: () => void judgePart(store, host, editor, 'needsEditPart'),
    clearPartVerdict: () => void judgePart(store, host, editor, 'clearPartVerdict'),
    ...reviewCommands(store, host, editor),
  };
}

/** Chooses the turn before or after; stays at the ends. */
export function stepTurn({ state, dispatch }: TraceStore, by: -1 | 1): void {
  const count = state.document?.turns.length ?? 0;
  const turn = (state.choice.turn ?? -1) + by;
  if (turn >= 0 && turn < count) dispatch({ type: 'choose-turn', turn });
}

/** Chooses the image before or after; stays at the ends. */
export function stepImage({ state, dispatch }: TraceStore, by: -1 | 1): void {
  const image = state.choice.image + by;
  if (state.document?.images[image - 1]) dispatch({ type: 'choose-image', image });
}

/** Opens the history of the trace, or closes it; what cannot be edited has none. */
export function toggleHistory({ state, dispatch }: TraceStore): void {
  if (state.edits === null) return;
  const open = !state.historyOpen;
  dispatch({ type: 'history', open });
  // Once it is there its list takes the keys; when it is gone, its button does.
  setTimeout(() => {
    const selector = open ? '#history' : '[data-testid="toggle-history"]';
    const target = document.querySelector<HTMLElement>(selector);
    target?.focus({ preventScroll: true });
    // In a narrow view it is below all else. The frames around the view are none to be scrolled, as focusing would.
    const section = target?.closest('section');
    if (section?.parentElement) section.parentElement.scrollTop = section.offsetTop;
  });
}

/** Opens the list of traces, or closes it. */
export function toggleList({ state, dispatch }: TraceStore): void {
  dispatch({ type: 'list', list: { open: !state.list.open } });
}

/** Puts the caret into the search of the list of traces, which is opened for that. */
export function searchTraces({ state, dispatch }: TraceStore): void {
  const { view, list } = state;
  if (view === null) return;
  if (view.count < 2 && !view.counting) {
    dispatch({ type: 'notice', notice: { kind: 'done', text: t('There is but one trace to search in.') } });
    return;
  }
  if (!list.open) dispatch({ type: 'list', list: { open: true } });
  setTimeout(() => {
    const field = document.querySelector<HTMLInputElement>('[data-testid="list-search"]');
    field?.focus();
    field?.select();
  });
}

/** Lets the model go on after a turn, with all that was edited. */
export async function continueFrom(
  store: TraceStore,
  host: Host,
  editor: Editor,
  turn: number,
): Promise<void> {
  await editor.flush();
  const { document } = store.state;
  if (document === null || isRunning(store.state)) return;
  await ask(store, {
    doing: t('Starting the run…'),
    call: () => host.continueFrom(document.revision, turn),
    done: () => t('The run is in a view of its own.'),
  });
}

/** From shapes to the pixels that the model saw, and back. */
export function toggleSeen({ state, dispatch }: TraceStore): void {
  dispatch({ type: 'options', options: { pixels: state.options.pixels === 'list' ? 'seen' : 'list' } });
}
