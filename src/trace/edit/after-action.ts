import { actionNameEnd, findAction, findThink } from '../format-rule';
import type { Action } from '../format-turn';
import { lineBreakAt } from '../python-text';
import type { TextEdit } from './text-edit';

/**
 * Puts lines where the format wants what a turn does: after the line that names the action. A turn that has think text and
 * names no action is given `action` (if any). Where there is no end of think text to follow, they come last.
 */
export function afterAction(raw: string, lines: string, action: Action | null): TextEdit {
  const named = findAction(raw);
  if (named !== null) {
    const at = actionNameEnd(raw, named.nameStart);
    return insertion(raw, at, `${at === named.nameStart && action !== null ? action : ''}\n${lines}`);
  }
  const naming = action === null ? '' : ` Action: ${action}`;
  const think = findThink(raw, null);
  if (think !== null) return insertion(raw, think.end + '</think>'.length, `${naming}\n${lines}`);
  if (raw.includes('<think>')) return insertion(raw, raw.length, `\n</think>${naming}\n${lines}`);
  return insertion(raw, raw.length, raw === '' ? lines : `\n${lines}`);
}

/** What follows begins on a new line. */
export function insertion(raw: string, at: number, text: string): TextEdit {
  const ends = at === raw.length || lineBreakAt(raw, at) > 0;
  return { start: at, end: at, inserted: ends ? text : `${text}\n` };
}
