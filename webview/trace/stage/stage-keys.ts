import type { Action } from '../model/actions';

/** A key as the page reports it. */
export interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** How far an arrow key moves what is shown, in CSS pixels, and with Shift. */
const STEP = 40;
const LONG_STEP = 200;

/**
 * What a key means while the stage has the focus; null if nothing. With Alt, Ctrl or Cmd it is a command's key; in a review
 * digits are reasons.
 */
export function keyAction(
  { key, shiftKey, altKey, ctrlKey, metaKey }: Key,
  { reviewing, held }: { readonly reviewing: boolean; readonly held: boolean },
): Action | null {
  if (altKey || ctrlKey || metaKey) return null;
  const step = shiftKey ? LONG_STEP : STEP;
  switch (key) {
    case 'ArrowLeft':
      return { type: 'pan', by: [step, 0] };
    case 'ArrowRight':
      return { type: 'pan', by: [-step, 0] };
    case 'ArrowUp':
      return { type: 'pan', by: [0, step] };
    case 'ArrowDown':
      return { type: 'pan', by: [0, -step] };
    case '+':
    case '=':
      return { type: 'zoom', to: 'in' };
    case '-':
      return { type: 'zoom', to: 'out' };
    case '0':
      return { type: 'zoom', to: 'fit' };
    case '1':
      return reviewing ? null : { type: 'zoom', to: 'actual' };
    case 'Escape':
      return held ? { type: 'hold', shape: null } : null;
    default:
      return null;
  }
}
