import { lineSpans, type Span, stripSpan } from './python-text';

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
  for (const line of lineSpans(text)) {
    const { start, end } = stripSpan(text, line);
    if (end - start !== OPENING_LINE.length || !text.startsWith(OPENING_LINE, start)) continue;
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
