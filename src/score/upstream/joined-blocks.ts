import { openingLines } from '../../trace/blocks';
import { describeLiteral, type Literal } from '../../trace/literal/literal';
import { parseLiteral } from '../../trace/literal/parse-literal';
import type { Span } from '../../trace/python-text';

/** Upstream's program ends with an error where it would have to score this; the message says at what. */
export class UpstreamRaises extends Error {
  override readonly name = 'UpstreamRaises';
}

/** What upstream finds in the fenced blocks of a text. */
export interface JoinedBlocks {
  /** The items that count as boxes. */
  readonly boxes: readonly Literal[];
  /** Whether each block is a Python literal and each of its items has the keys of a box or of a line. */
  readonly clean: boolean;
}

/** The literals of blocks that were read before, by their text. */
export type KnownBlocks = ReadonlyMap<string, Literal>;

/**
 * Reads the blocks of **all** turns joined together, as upstream's format reward does: a block that one turn leaves open
 * runs on into the next. Throws `UpstreamRaises`.
 */
export function readJoinedBlocks(text: string, known: KnownBlocks): JoinedBlocks {
  const boxes: Literal[] = [];
  let clean = true;
  for (const { next } of openingLines(text)) {
    const closing = text.indexOf('```', next);
    const span = { start: next, end: closing < 0 ? text.length : closing };
    const literal = known.get(text.slice(span.start, span.end)) ?? readBlock(text, span);
    if (literal === null) {
      clean = false;
      continue;
    }
    for (const item of itemsOf(literal, text)) {
      const has = keysOf(item);
      if (has('bbox_2d') && has('label')) boxes.push(item);
      else if (!(has('start_point_2d') && has('end_point_2d') && has('label'))) clean = false;
    }
  }
  return { boxes, clean };
}

/** Null for what is no literal of Python, and for `None`. */
function readBlock(text: string, span: Span): Literal | null {
  const read = parseLiteral(text, span);
  return read.ok && read.jsonConstants.length === 0 && !isNone(read.literal) ? read.literal : null;
}

const isNone = (literal: Literal): boolean => literal.kind === 'constant' && literal.value === null;

const EMPTY_BYTES = /^(?:[bBrR]{1,2}(?:''''''|""""""|''|"")\s*)+$/;

/** What Python's `for` goes over. */
function itemsOf(literal: Literal, text: string): readonly Literal[] {
  switch (literal.kind) {
    case 'list':
    case 'tuple':
    case 'set':
      return literal.items;
    case 'dict':
      return literal.entries.map(({ key }) => key);
    case 'string':
      return Array.from(literal.value, (value) => ({ kind: 'string', value, start: 0, end: 0 }));
    case 'bytes':
      if (EMPTY_BYTES.test(text.slice(literal.start, literal.end))) return [];
      throw new UpstreamRaises('an item of a block is a number, which has no keys');
    default:
      throw new UpstreamRaises(`a block is ${describeLiteral(literal)}, which is not iterable`);
  }
}

/** Python's `key in item`. */
function keysOf(item: Literal): (key: string) => boolean {
  const among = (literals: readonly Literal[]) => (key: string) =>
    literals.some((one) => one.kind === 'string' && one.value === key);
  switch (item.kind) {
    case 'list':
    case 'tuple':
    case 'set':
      return among(item.items);
    case 'dict':
      return among(item.entries.map(({ key }) => key));
    case 'string':
      return (key) => item.value.includes(key);
    default:
      throw new UpstreamRaises(`an item of a block is ${describeLiteral(item)}, which has no keys`);
  }
}
