import type { Point } from '../../../src/trace/geometry';
import type { Tool } from '../model/state';
import type { Key } from './stage-keys';

/** What a key does to the shapes while the stage has the focus. */
export type EditKey =
  | { readonly type: 'nudge'; readonly by: Point }
  | { readonly type: 'part' }
  | { readonly type: 'whole' }
  | { readonly type: 'remove' }
  | { readonly type: 'step'; readonly by: 1 | -1 }
  | { readonly type: 'extend'; readonly by: 1 | -1 }
  | { readonly type: 'all' }
  | { readonly type: 'tool'; readonly tool: Tool | null }
  | { readonly type: 'place' }
  | { readonly type: 'copy' }
  | { readonly type: 'cut' }
  | { readonly type: 'paste' };

/** How far an arrow key moves a shape, in pixels of model space, and with Shift. */
const STEP = 1;
const LONG_STEP = 10;

const ARROWS = new Map<string, Point>([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]],
]);

/**
 * What a key means on the stage of a trace that can be edited; null if no more than on any other stage. Arrows and the
 * like are for shapes that are held. With Alt, Ctrl or Cmd it is a command's key, but for the one that selects all.
 */
export function editKey(
  { key, shiftKey, altKey, ctrlKey, metaKey }: Key,
  { held, tool }: { readonly held: boolean; readonly tool: Tool | null },
): EditKey | null {
  if (altKey) return null;
  if (ctrlKey || metaKey) return key.toLowerCase() === 'a' && !shiftKey ? { type: 'all' } : null;
  const arrow = held ? ARROWS.get(key) : undefined;
  if (arrow) {
    const step = shiftKey ? LONG_STEP : STEP;
    return { type: 'nudge', by: [arrow[0] * step, arrow[1] * step] };
  }
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case 'b':
      return { type: 'tool', tool: tool === 'box' ? null : 'box' };
    case 'l':
      return { type: 'tool', tool: tool === 'line' ? null : 'line' };
    case 'Enter':
      return tool === null ? null : { type: 'place' };
    case 'Escape':
      return tool === null ? null : { type: 'tool', tool: null };
    case ',':
      return { type: 'step', by: -1 };
    case '.':
      return { type: 'step', by: 1 };
    // With Shift, as most keyboards have it.
    case '<':
    case ';':
      return { type: 'extend', by: -1 };
    case '>':
    case ':':
      return { type: 'extend', by: 1 };
    case 'v':
      return { type: 'paste' };
    case 'c':
      return held ? { type: 'copy' } : null;
    case 'x':
      return held ? { type: 'cut' } : null;
    case 'e':
      // With Shift it is a verdict's.
      return held && !shiftKey ? { type: 'part' } : null;
    case 'm':
      return held ? { type: 'whole' } : null;
    case 'Delete':
    case 'Backspace':
      return held ? { type: 'remove' } : null;
    default:
      return null;
  }
}
