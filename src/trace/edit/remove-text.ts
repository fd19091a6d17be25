import { findBlocks } from '../blocks';
import { Cursor } from '../literal/cursor';
import type { ParsedTurn } from '../parse-turn';
import { isPythonSpace, lineBreakAt, type Span } from '../python-text';
import { type DrawingList, drawingLists } from './drawing-lists';
import type { TextEdit } from './text-edit';

/** The edits that take drawings out of a turn's text, and with the last thing of a block the block and its fences. */
export function removalEdits(raw: string, parsed: ParsedTurn, removed: ReadonlySet<number>): TextEdit[] {
  const lists = drawingLists(raw, parsed);
  const goes = ({ drawing }: DrawingList['slots'][number]) => drawing !== null && removed.has(drawing);
  const emptied = new Set(
    lists.filter(({ slots }) => slots.length > 0 && slots.every(goes)).map(({ block }) => block.start),
  );
  const rest = lists.filter(({ block, slots }) => !emptied.has(block.start) && slots.some(goes));
  return [...blockEdits(raw, emptied), ...rest.flatMap((list) => itemEdits(raw, list, goes))];
}

function itemEdits(
  raw: string,
  list: DrawingList,
  goes: (slot: DrawingList['slots'][number]) => boolean,
): TextEdit[] {
  const { slots } = list;
  const lastKept = slots.findLastIndex((slot) => !goes(slot));
  const edits = slots.slice(0, lastKept).flatMap((slot, i): TextEdit[] => {
    const next = slots[i + 1];
    return goes(slot) && next ? [{ start: slot.start, end: next.start, inserted: '' }] : [];
  });
  const kept = slots[lastKept];
  const last = slots.at(-1);
  if (!kept || !last) return edits;
  const alone = slots.filter((slot) => !goes(slot)).length === 1;
  // One thing in parentheses is a tuple by its comma only.
  const comma = list.kind === 'tuple' && alone && !commaFollows(raw, list, last.end) ? ',' : '';
  return [...edits, { start: kept.end, end: last.end, inserted: comma }];
}

function commaFollows(raw: string, { bare, end }: DrawingList, at: number): boolean {
  const cursor = new Cursor(raw, { start: at, end });
  cursor.depth = bare ? 0 : 1;
  cursor.skip();
  return cursor.peek() === ',';
}

/** The closing fence of a block may be the first part of the next one's opening line: it stays if that one stays. */
function blockEdits(raw: string, emptied: ReadonlySet<number>): TextEdit[] {
  const blocks = findBlocks(raw);
  let done = 0;
  return blocks.flatMap(({ outer }, i): TextEdit[] => {
    if (!emptied.has(outer.start)) return [];
    const before = blocks[i - 1]?.outer;
    const after = blocks[i + 1]?.outer;
    const closesBefore = before !== undefined && before.end > outer.start && !emptied.has(before.start);
    const opensAfter = after !== undefined && after.start < outer.end;
    const start = closesBefore ? before.end : outer.start;
    const whole = { start, end: opensAfter ? after.start : outer.end };
    const cut = closesBefore || opensAfter ? whole : withLineEnd(raw, whole);
    const edit = {
      start: Math.max(cut.start, done),
      end: cut.end,
      inserted: closesBefore && opensAfter ? '\n' : '',
    };
    done = edit.end;
    return [edit];
  });
}

/** With the rest of the last line where that is blank: and its line end, or the one before the block at the text's end. */
function withLineEnd(raw: string, { start, end }: Span): Span {
  let rest = end;
  while (rest < raw.length && lineBreakAt(raw, rest) === 0 && isPythonSpace(raw.charCodeAt(rest))) rest++;
  if (rest < raw.length) {
    const lineBreak = lineBreakAt(raw, rest);
    return lineBreak > 0 ? { start, end: rest + lineBreak } : { start, end };
  }
  if (start === 0) return { start, end: rest };
  const crlf = start > 1 && lineBreakAt(raw, start - 2) === 2;
  return { start: crlf ? start - 2 : start - 1, end: rest };
}
