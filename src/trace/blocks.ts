import { lineSpans, type Span, stripSpan } from './python-text';

const FENCE = '```';
const OPENING_LINE = '```json';

/**
 * The content of one fenced block: `span` is what lies between the fences. A block without a closing fence ends before
 * the next `</think>`, or with the text, white space at its two ends left out.
 */
export interface FencedBlock {
  readonly span: Span;
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
      blocks.push({ span: { start: line.next, end: closing }, closed: true });
    } else {
      const endOfThink = text.indexOf('</think>', line.next);
      const rest = { start: line.next, end: endOfThink >= 0 ? endOfThink : text.length };
      blocks.push({ span: stripSpan(text, rest), closed: false });
    }
  }
  return blocks;
}
