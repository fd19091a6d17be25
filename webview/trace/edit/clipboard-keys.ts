import { t } from '@vscode/l10n';
import { explain } from '../../shared/explain';
import type { Store } from '../../shared/store';
import type { Action } from '../model/actions';
import type { AppState } from '../model/state';
import { copyHeld, cutHeld, pasteShapes } from './clipboard';
import type { Editor } from './editor';

type TraceStore = Store<AppState, Action>;

/** Where the keys of the clipboard are for shapes; anywhere else they are for text. */
const FOR_SHAPES = '[data-testid=stage], #shape-list';

/**
 * Takes the keys of the clipboard for shapes while the stage or the list of shapes has the focus. A page may neither read nor
 * write the clipboard by itself, but in these events it may.
 */
export function takeClipboardKeys(store: TraceStore, editor: Editor): void {
  const isForShapes = () => document.activeElement?.closest(FOR_SHAPES) != null;
  const copy = (event: ClipboardEvent): boolean => {
    if (!isForShapes() || event.clipboardData === null) return false;
    const text = copyHeld(store, editor);
    if (text === null) return false;
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
    return true;
  };
  document.addEventListener('copy', (event) => void copy(event));
  document.addEventListener('cut', (event) => {
    if (store.state.edits !== null && copy(event)) void cutHeld(store, editor);
  });
  document.addEventListener('paste', (event) => {
    if (!isForShapes() || event.clipboardData === null) return;
    event.preventDefault();
    void pasteShapes(store, editor, event.clipboardData.getData('text/plain'));
  });
}

/** Copies or cuts the held shapes by a button, or by a key of its own. */
export function pressClipboardKey({ dispatch }: TraceStore, what: 'copy' | 'cut'): void {
  focusStage();
  if (document.execCommand(what)) return;
  const text = t(
    'The clipboard cannot be written to from here. Press Ctrl+C or Ctrl+X on the stage instead.',
  );
  dispatch({ type: 'notice', notice: { kind: 'error', text } });
}

/** Pastes by a button, or by a key of its own: the host reads the clipboard, which a page may not. */
export async function askForPaste(store: TraceStore, editor: Editor): Promise<void> {
  focusStage();
  try {
    await pasteShapes(store, editor, await editor.readClipboard());
  } catch (error) {
    store.dispatch({ type: 'notice', notice: { kind: 'error', text: explain(error) } });
  }
}

const focusStage = () => document.querySelector<HTMLElement>('[data-testid=stage]')?.focus();
