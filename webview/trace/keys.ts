import type { Host } from './host';

/** Where letters are typed, or choose. */
const TYPED = 'input, textarea, select, [contenteditable]';

/**
 * VS Code hears every key that is pressed in a view, and has commands on single ones. Those that are typed, and those that the
 * view has a use for itself, are kept from it; and the host is told when single keys are for commands at all, which they are
 * while the view has the focus and nothing is typed. The first alone would do, but then a key in another view, or in a list
 * of VS Code's, would be a command too.
 */
export function watchKeys(host: Host): void {
  let told: boolean | null = null;
  const tell = () => {
    const forCommands = document.hasFocus() && !isTyped(document.activeElement);
    if (forCommands === told) return;
    told = forCommands;
    host.keys(forCommands).catch(() => {
      told = null;
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
    if (isPlain && (event.defaultPrevented || isTyped(event.target))) event.stopPropagation();
  });
  tell();
}

const isTyped = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(TYPED) !== null;
