import { actionNameEnd, findAction, findAnswer, findThink } from '../format-rule';
import type { Action } from '../format-turn';
import { type ParsedTurn, parseTurn } from '../parse-turn';
import { isPythonSpace, type Span, strip, stripSpan } from '../python-text';
import type { Trace } from '../trace';
import { afterAction, insertion } from './after-action';
import type { Change } from './change';
import { tooOdd } from './checked-edits';
import { applyEdits, type TextEdit, textChanges, textOf } from './text-edit';

/** The whole text of turn number `turn` becomes another; what stays the same at its two ends is left alone. */
export function setText(trace: Trace, turn: number, text: string): Change[] {
  const raw = textOf(trace, turn);
  return textChanges(turn, raw, [{ start: 0, end: raw.length, inserted: text }]);
}

/** The think text becomes another; drawings that were within it are those that the new text has within. */
export function setThink(trace: Trace, turn: number, think: string): Change[] {
  const raw = textOf(trace, turn);
  const before = parseTurn(raw);
  const edit = thinkEdit(raw, think);
  if (edit === null) throw tooOdd(turn);
  const text = applyEdits(raw, [edit]);
  const after = parseTurn(text);
  const wanted = [strip(think), before.answer, drawingsOutside(raw, before)];
  if (!sameJson([after.think, after.answer, drawingsOutside(text, after)], wanted)) throw tooOdd(turn);
  return textChanges(turn, raw, [edit]);
}

/** The action gets another name; a turn that names none gets one after its think text. */
export function setAction(trace: Trace, turn: number, action: Action): Change[] {
  const raw = textOf(trace, turn);
  const { think, answer, drawings } = parseTurn(raw);
  const edit = actionEdit(raw, action);
  if (edit === null) throw tooOdd(turn);
  const after = parseTurn(applyEdits(raw, [edit]));
  const wanted = [think, action, answer, drawings];
  if (!sameJson([after.think, after.action, after.answer, after.drawings], wanted)) throw tooOdd(turn);
  return textChanges(turn, raw, [edit]);
}

/** The answer becomes another; null takes it away with its tags. A turn without one gets it after its action. */
export function setAnswer(trace: Trace, turn: number, answer: string | null): Change[] {
  const raw = textOf(trace, turn);
  const before = parseTurn(raw);
  const edit = answerEdit(raw, answer);
  if (edit === null) return [];
  const after = parseTurn(applyEdits(raw, [edit]));
  const wanted = answer === null ? null : strip(answer);
  // Think text that did not end may have been given its end.
  const sameThink = before.think === null || after.think === before.think;
  if (after.answer !== wanted || !sameThink || !sameJson(after.drawings, before.drawings)) throw tooOdd(turn);
  return textChanges(turn, raw, [edit]);
}

function thinkEdit(raw: string, think: string): TextEdit | null {
  const inside = thinkOf(raw);
  if (inside !== null) return insideTags(raw, inside, think);
  if (raw.includes('<think>') || raw.includes('</think>')) return null;
  const space = raw === '' || isPythonSpace(raw.charCodeAt(0)) ? '' : ' ';
  return { start: 0, end: 0, inserted: `<think> ${think} </think>${space}` };
}

function actionEdit(raw: string, action: Action): TextEdit | null {
  const named = findAction(raw);
  if (named === null) {
    const think = findThink(raw, null);
    return think && insertion(raw, think.end + '</think>'.length, ` Action: ${action}`);
  }
  const end = actionNameEnd(raw, named.nameStart);
  const name = stripSpan(raw, { start: named.nameStart, end });
  if (name.start < name.end) return { ...name, inserted: action };
  return insertion(raw, named.nameStart, action);
}

function answerEdit(raw: string, answer: string | null): TextEdit | null {
  const inside = findAnswer(raw);
  if (answer === null) {
    if (inside === null) return null;
    const end = inside.end + '</answer>'.length;
    const start = inside.start - '<answer>'.length;
    if (strip(raw.slice(end)) !== '') return { start, end, inserted: '' };
    return { start: stripSpan(raw, { start: 0, end: start }).end, end: raw.length, inserted: '' };
  }
  if (inside !== null) return insideTags(raw, inside, answer);
  return afterAction(raw, `<answer> ${answer} </answer>`, 'Answer');
}

/** White space at the two ends of what stands between tags stays. */
function insideTags(raw: string, inside: Span, text: string): TextEdit {
  const words = stripSpan(raw, inside);
  return words.start < words.end
    ? { ...words, inserted: strip(text) }
    : { ...inside, inserted: ` ${strip(text)} ` };
}

/** Where the think text of a turn stands, between its tags. */
export function thinkOf(raw: string): Span | null {
  return findThink(raw, findAction(raw)?.thinkEnd ?? null);
}

function drawingsOutside(raw: string, { located }: ParsedTurn) {
  const think = thinkOf(raw);
  const outside = located.filter(
    ({ span }) => think === null || span.start < think.start || span.end > think.end,
  );
  return outside.map(({ drawing }) => drawing);
}

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
