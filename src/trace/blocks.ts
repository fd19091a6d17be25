import { isPythonSpace, lineBreakAt, type Span, stripSpan } from './python-text';

const FENCE = '```';
const OPENING_LINE = '```json';

/**
 * The content of one fenced block: `span` is what lies between the fences. A block without a closing fence ends before
 * the next `</think>`, or with the text, white space at its two ends left out.
 */
export interface FencedBlock {
  readonly span: Span;
  /** From the start of the opening line to the end of the closing fence, which may be part of the next opening line. */
  readonly outer: Span;
  readonly closed: boolean;
}

/**
 * All blocks of a text, wherever they stand. A block opens with a line that is ```` ```json ```` but for white space
 * around it, and closes at the next three backticks on a later line, whatever stands around those.
 */
export function findBlocks(text: string): FencedBlock[] {
  const blocks: FencedBlock[] = [];
  for (const line of openingLines(text)) {
    const closing = text.indexOf(FENCE, line.next);
    if (closing >= 0) {
      const outer = { start: line.start, end: closing + FENCE.length };
      blocks.push({ span: { start: line.next, end: closing }, outer, closed: true });
    } else {
      const endOfThink = text.indexOf('</think>', line.next);
      const rest = { start: line.next, end: endOfThink >= 0 ? endOfThink : text.length };
      const span = stripSpan(text, rest);
      blocks.push({ span, outer: { start: line.start, end: span.end }, closed: false });
    }
  }
  return blocks;
}

/** The lines that open a block, whole; `next` is where the line after begins. */
export function* openingLines(text: string): Generator<Span & { readonly next: number }> {
  for (let at = text.indexOf(OPENING_LINE); at >= 0; at = text.indexOf(OPENING_LINE, at + 1)) {
    let start = at;
    while (start > 0 && isInnerSpace(text, start - 1)) start--;
    let end = at + OPENING_LINE.length;
    while (end < text.length && isInnerSpace(text, end)) end++;
    const isLine =
      (start === 0 || lineBreakAt(text, start - 1) > 0) &&
      (end === text.length || lineBreakAt(text, end) > 0);
    if (isLine) yield { start, end, next: end + lineBreakAt(text, end) };
  }
}

/** White space that ends no line. */
const isInnerSpace = (text: string, at: number): boolean =>
  isPythonSpace(text.charCodeAt(at)) && lineBreakAt(text, at) === 0;
