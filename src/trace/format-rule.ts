import type { Literal } from './literal/literal';
import { isPythonSpace, lineBreakAt, type Span } from './python-text';

/** Whether both answer tags occur, in any order: upstream's sign that a turn ends the trace. */
export function hasAnswerTags(text: string): boolean {
  return text.includes('<answer>') && text.includes('</answer>');
}

/**
 * Where the action is named: right after the first `</think>` that only white space parts from `Action:`. Null where
 * there is none. Upstream's pattern `<think>(.*?)</think>\s*Action:\s*(.*?)(?=\n|$)`, matched against a whole turn,
 * holds exactly if the turn begins with `<think>` and this place exists: its last group runs to the end of the text.
 */
export function findAction(text: string): { readonly thinkEnd: number; readonly nameStart: number } | null {
  const closing = '</think>';
  for (let thinkEnd = text.indexOf(closing); thinkEnd >= 0; thinkEnd = text.indexOf(closing, thinkEnd + 1)) {
    const at = skipSpace(text, thinkEnd + closing.length);
    if (text.startsWith('Action:', at)) {
      return { thinkEnd, nameStart: skipSpace(text, at + 'Action:'.length) };
    }
  }
  return null;
}

/**
 * What stands between `<think>` and the `</think>` before the action (at `beforeAction`; null if none is named), else the
 * first one after it. Null where one of the tags is missing.
 */
export function findThink(text: string, beforeAction: number | null): Span | null {
  const opening = text.indexOf('<think>');
  const start = opening + '<think>'.length;
  const end = beforeAction !== null && beforeAction >= start ? beforeAction : text.indexOf('</think>', start);
  return opening < 0 || end < 0 ? null : { start, end };
}

/** Where the name of an action that starts at `start` ends: with the line, or where a tag or a fence begins. */
export function actionNameEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && lineBreakAt(text, end) === 0 && text[end] !== '<' && text[end] !== '`') end++;
  return end;
}

/** What stands between the first `<answer>` and the `</answer>` after it; null where there is no such pair. */
export function findAnswer(text: string): Span | null {
  const opening = text.indexOf('<answer>');
  const end = text.indexOf('</answer>', Math.max(opening, 0));
  return opening < 0 || end < 0 ? null : { start: opening + '<answer>'.length, end };
}

/** Whether every item of a block has the keys of a box or of a line (upstream's rule; values are not looked at). */
export function itemsHaveKeys(block: Literal): boolean {
  switch (block.kind) {
    case 'list':
    case 'tuple':
    case 'set':
      return block.items.every(itemHasKeys);
    // Python goes over the keys of a dict and the characters of a string: without any, the rule holds.
    case 'dict':
      return block.entries.every(({ key }) => itemHasKeys(key));
    case 'string':
      return block.value === '';
    default:
      return false;
  }
}

/** Python's `"bbox_2d" in item`, which looks at keys, members or parts of a string. */
function itemHasKeys(item: Literal): boolean {
  let has: (name: string) => boolean;
  if (item.kind === 'dict') has = (name) => item.entries.some(({ key }) => isString(key, name));
  else if (item.kind === 'list' || item.kind === 'tuple' || item.kind === 'set') {
    has = (name) => item.items.some((member) => isString(member, name));
  } else if (item.kind === 'string') has = (name) => item.value.includes(name);
  else return false;
  return has('label') && (has('bbox_2d') || (has('start_point_2d') && has('end_point_2d')));
}

const isString = (literal: Literal, value: string): boolean =>
  literal.kind === 'string' && literal.value === value;

function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && isPythonSpace(text.charCodeAt(at))) at++;
  return at;
}
