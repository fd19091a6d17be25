import { findAction, hasAnswerTags } from '../../../src/trace/format-rule';
import { lineBreakAt, type Span, stripSpan } from '../../../src/trace/python-text';
import type { ViewMark } from '../../../src/view/trace-view';
import type { Mention } from './mentions';
import { type ShapeId, shapeId, type TurnView } from './turn-view';

/** What a part of a turn's text is. `markup`: tags, fences and the like; `stray`: what the format has no place for. */
export type Role = 'think' | 'action' | 'block' | 'answer' | 'markup' | 'stray';

/** A stretch of text throughout which nothing changes: one role, one shape or none, the same findings. */
export interface Piece extends Span {
  /** The shape whose JSON this is part of. */
  readonly json: ShapeId | null;
  /** The shape that these words name. */
  readonly mention: ShapeId | null;
  /** Places in the turn's list of findings. */
  readonly findings: readonly number[];
  /** What may be wrong with it because of edits. */
  readonly marks: readonly ViewMark[];
}

/** Neighbouring pieces of one role. */
export interface Section {
  readonly role: Role;
  readonly pieces: readonly Piece[];
}

/** The whole text of a turn, without a gap, cut up by what it is. */
export function cutSections(
  turn: TurnView,
  mentions: readonly Mention[],
  places: readonly ViewMark[] = [],
): Section[] {
  const marks = marksOf(turn, mentions, places);
  const cuts = [...new Set([0, turn.text.length, ...marks.flatMap(({ span }) => [span.start, span.end])])];
  cuts.sort((a, b) => a - b);
  marks.sort((a, b) => a.span.start - b.span.start);
  const sections: { role: Role; pieces: Piece[] }[] = [];
  let open: Mark[] = [];
  let next = 0;
  for (let i = 0; i + 1 < cuts.length; i++) {
    const start = cuts[i] ?? 0;
    const end = cuts[i + 1] ?? start;
    open = open.filter(({ span }) => span.end > start);
    for (let mark = marks[next]; mark && mark.span.start <= start; mark = marks[++next]) {
      if (mark.span.end > start) open.push(mark);
    }
    const role = roleOf(open) ?? (turn.text.slice(start, end).trim() === '' ? 'markup' : 'stray');
    const piece = {
      start,
      end,
      json: open.find(({ json }) => json !== undefined)?.json ?? null,
      mention: open.find(({ mention }) => mention !== undefined)?.mention ?? null,
      findings: open.flatMap(({ finding }) => finding ?? []),
      marks: open.flatMap(({ place }) => place ?? []),
    };
    const last = sections.at(-1);
    if (last?.role === role) last.pieces.push(piece);
    else sections.push({ role, pieces: [piece] });
  }
  return sections;
}

/** Where a turn thinks and answers: what is searched for names of shapes. */
export function proseSpans(turn: TurnView): Span[] {
  const { think, answer } = partSpans(turn.text);
  return [...(think ? withoutBlocks(think, turn.parsed.blocks) : []), ...(answer ? [answer] : [])];
}

interface Mark {
  readonly span: Span;
  readonly role?: Role;
  readonly json?: ShapeId;
  readonly mention?: ShapeId;
  readonly finding?: number;
  readonly place?: ViewMark;
}

/** Of roles that hold at one place the first of these counts. */
const PRECEDENCE: readonly Role[] = ['block', 'answer', 'markup', 'action', 'think'];

function roleOf(open: readonly Mark[]): Role | undefined {
  return PRECEDENCE.find((role) => open.some((mark) => mark.role === role));
}

function marksOf(
  { number, text, parsed, findings }: TurnView,
  mentions: readonly Mention[],
  places: readonly ViewMark[],
): Mark[] {
  const { think, action, answer } = partSpans(text);
  const marks: Mark[] = [];
  if (think) marks.push({ span: think, role: 'think' });
  if (action) marks.push({ span: action, role: 'action' });
  if (answer) marks.push({ span: answer, role: 'answer' });
  for (const span of parsed.blocks) marks.push({ span: stripSpan(text, span), role: 'block' });
  for (const span of markupSpans(text, parsed.blocks)) marks.push({ span, role: 'markup' });
  for (const [i, { span }] of parsed.located.entries()) marks.push({ span, json: shapeId(number, i) });
  for (const { span, shape } of mentions) marks.push({ span, mention: shape });
  for (const place of places) marks.push({ span: place.span, place });
  for (const [i, { span, severity }] of findings.entries()) {
    // What is about the whole turn, or nothing wrong, is listed, not underlined.
    if (span && severity !== 'information' && span.end - span.start < text.length)
      marks.push({ span, finding: i });
  }
  return marks.filter(({ span }) => span.start < span.end);
}

/** As `parseTurn` reads them, but that a think text or an answer that nothing closes yet goes on to the end. */
function partSpans(text: string): { think?: Span; action?: Span; answer?: Span } {
  const place = findAction(text);
  const opening = text.indexOf('<think>');
  const start = opening + '<think>'.length;
  const closing = place && place.thinkEnd >= start ? place.thinkEnd : text.indexOf('</think>', start);
  const think = opening < 0 ? undefined : { start, end: closing < 0 ? text.length : closing };
  const action = place ? { start: place.nameStart, end: endOfAction(text, place.nameStart) } : undefined;
  const answerTag = text.indexOf('<answer>');
  const answerStart = answerTag + '<answer>'.length;
  const answerEnd = hasAnswerTags(text) ? text.indexOf('</answer>', answerStart) : -1;
  const answer =
    answerTag < 0 ? undefined : { start: answerStart, end: answerEnd < 0 ? text.length : answerEnd };
  const trimmed = (span: Span) => stripSpan(text, span);
  return {
    ...(think && { think: trimmed(think) }),
    ...(action && { action: trimmed(action) }),
    ...(answer && { answer: trimmed(answer) }),
  };
}

function endOfAction(text: string, start: number): number {
  let end = start;
  while (end < text.length && lineBreakAt(text, end) === 0 && text[end] !== '<' && text[end] !== '`') end++;
  return end;
}

const TAGS = /<\/?(?:think|answer)>|(?<=<\/think>\s*)Action:/g;

/** Tags, the word before the action's name, and the fences around blocks. */
function markupSpans(text: string, blocks: readonly Span[]): Span[] {
  const tags = Array.from(text.matchAll(TAGS), ({ 0: tag, index }) => ({
    start: index,
    end: index + tag.length,
  }));
  const fences = blocks.flatMap(({ start, end }) => [
    { start: text.lastIndexOf('```json', start), end: start },
    ...(text.startsWith('```', end) ? [{ start: end, end: end + 3 }] : []),
  ]);
  return [...tags, ...fences.filter(({ start }) => start >= 0)];
}

function withoutBlocks(span: Span, blocks: readonly Span[]): Span[] {
  const parts: Span[] = [];
  let start = span.start;
  for (const block of blocks) {
    if (block.start >= span.end || block.end <= start) continue;
    if (block.start > start) parts.push({ start, end: block.start });
    start = block.end;
  }
  if (start < span.end) parts.push({ start, end: span.end });
  return parts;
}
