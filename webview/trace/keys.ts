import type { Store } from '../shared/store';
import type { Host } from './host';
import type { Action } from './model/actions';
import type { AppState } from './model/state';

/** Where letters are typed, or choose; and what covers the trace that a command would be about. */
const TYPED = 'input, textarea, select, dialog, [contenteditable]';

/**
 * VS Code hears every key that is pressed in a view, and has commands on single ones. Those that are typed, and those that the
 * view has a use for itself, are kept from it; and the host is told when single keys are for commands at all, which they are
 * while the view has the focus and nothing is typed. The first alone would do, but then a key in another view, or in a list
 * of VS Code's, would be a command too.
 */
export function watchKeys(host: Host, store: Store<AppState, Action>): void {
  let told = '';
  const tell = () => {
    const forCommands = document.hasFocus() && !isTyped(document.activeElement);
    const { review, compare } = store.state;
    const keys = { forCommands, reviewing: review.open, comparing: compare.open };
    const now = JSON.stringify(keys);
    if (now === told) return;
    told = now;
    host.keys(keys).catch(() => {
      told = '';
    });
  };
  // Between two fields there is a moment without any.
  const tellSoon = () => setTimeout(tell, 0);
  document.addEventListener('focusin', tell);
  document.addEventListener('focusout', tellSoon);
  window.addEventListener('focus', tellSoon);
  window.addEventListener('blur', tell);
  // What stops here does not come to the window, where VS Code listens.
  document.addEventListener('keydown', (event) => {
    const isPlain = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    // A key that is held down is one command, not many.
    const isCommand = isPlain && !event.defaultPrevented && !event.repeat && !isTyped(event.target);
    if (isPlain && !isCommand) event.stopPropagation();
  });
  store.subscribe(tell);
  tell();
}

const isTyped = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(TYPED) !== null;
