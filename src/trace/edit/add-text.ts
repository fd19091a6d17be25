import type { Action } from '../format-turn';
import type { ParsedTurn } from '../parse-turn';
import type { Quote } from '../python-string';
import { afterAction } from './after-action';
import { type DrawingList, drawingLists } from './drawing-lists';
import { quoteIn } from './drawing-values';
import type { TextEdit } from './text-edit';

/** Where new drawings of a turn would go. */
export interface Room {
  /** How many of the turn's drawings stand before that place. */
  readonly before: number;
  /** The quotes that are at home there. */
  readonly quote: Quote;
  /** The edit that puts objects there. */
  readonly put: (objects: readonly string[]) => TextEdit;
}

/**
 * The end of the last list of a turn; if there is none, a new block after the action, or at the end of a text that has no
 * think text to follow. `tool` becomes the action of a turn that names none and has think text.
 */
export function roomForDrawings(raw: string, parsed: ParsedTurn, tool: Action): Room {
  const lists = drawingLists(raw, parsed);
  const list = lists.at(-1);
  if (list === undefined) {
    return { before: parsed.drawings.length, quote: '"', put: (objects) => newBlock(raw, objects, tool) };
  }
  const quote = quoteIn(raw.slice(list.start, list.end));
  return { before: parsed.drawings.length, quote, put: (objects) => intoList(raw, list, objects) };
}

function intoList(raw: string, list: DrawingList, objects: readonly string[]): TextEdit {
  const last = list.slots.at(-1);
  if (last === undefined) {
    const at = list.start + 1;
    // One thing in parentheses is a tuple by its comma only.
    const comma = list.kind === 'tuple' && objects.length === 1 ? ',' : '';
    return { start: at, end: at, inserted: objects.join(', ') + comma };
  }
  const separator = separatorIn(raw, list);
  return { start: last.end, end: last.end, inserted: objects.map((object) => separator + object).join('') };
}

/** What the author writes between two objects, if it is a comma and white space. */
function separatorIn(raw: string, { start, slots }: DrawingList): string {
  const last = slots.at(-1);
  const before = slots.at(-2);
  if (last === undefined) return ', ';
  const gap =
    before === undefined ? `,${raw.slice(start + 1, last.start)}` : raw.slice(before.end, last.start);
  if (before === undefined && !/[\n\r]/.test(gap)) return ', ';
  return /^,[ \t\n\r]*$/.test(gap) ? gap : ', ';
}

function newBlock(raw: string, objects: readonly string[], tool: Action): TextEdit {
  return afterAction(raw, `\`\`\`json\n[${objects.join(', ')}]\n\`\`\``, tool);
}
