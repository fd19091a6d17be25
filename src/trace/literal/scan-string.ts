import { lineBreakAt } from '../python-text';
import { LiteralError } from './literal';

/** A string read at one place of the text; `value` of a bytes string is not kept. */
export interface ScannedString {
  readonly value: string;
  readonly bytes: boolean;
  readonly end: number;
}

/** Whether these letters can stand right before a quote in a literal. Formatted strings are no literals. */
export function isStringPrefix(letters: string): boolean {
  return letters === '' || ['r', 'u', 'b', 'br', 'rb'].includes(letters.toLowerCase());
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** How many hexadecimal digits follow each of these letters; the last two are no escapes in bytes. */
const HEX_ESCAPES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Reads the string whose prefix starts at `start` and whose opening quote stands at `quoteAt`. */
export function scanString(text: string, start: number, quoteAt: number, end: number): ScannedString {
  if (quoteAt === start) {
    const closing = plainEnd(text, quoteAt, end);
    if (closing !== null) return { value: text.slice(quoteAt + 1, closing), bytes: false, end: closing + 1 };
  }
  const prefix = text.slice(start, quoteAt).toLowerCase();
  const raw = prefix.includes('r');
  const bytes = prefix.includes('b');
  const quote = text.charAt(quoteAt);
  const triple = text.startsWith(quote.repeat(3), quoteAt) && quoteAt + 3 <= end;
  const closing = triple ? quote.repeat(3) : quote;
  let at = quoteAt + closing.length;
  let value = '';
  while (at < end) {
    if (text.startsWith(closing, at) && at + closing.length <= end) {
      return { value: bytes ? '' : value, bytes, end: at + closing.length };
    }
    const lineBreak = lineBreakAt(text, at);
    if (lineBreak > 0 && !triple) break;
    if (bytes && text.charCodeAt(at) > 0x7f) {
      throw new LiteralError('a bytes string holds ASCII characters only', { start: at, end: at + 1 });
    }
    if (text.charAt(at) === '\\' && at + 1 < end) {
      const read = readEscape(text, at, end, raw, bytes);
      value += read.value;
      at = read.end;
    } else {
      value += lineBreak > 0 ? '\n' : text.charAt(at);
      at += Math.max(lineBreak, 1);
    }
  }
  throw new LiteralError('a string that is not closed', { start, end: Math.min(at, end) });
}

/** Where a string closes that says its value as it is, on one line and between single quotes; null for any other. */
function plainEnd(text: string, quoteAt: number, end: number): number | null {
  const quote = text.charCodeAt(quoteAt);
  for (let at = quoteAt + 1; at < end; at++) {
    const code = text.charCodeAt(at);
    // Two quotes in a row may be the first of three.
    if (code === quote) return at > quoteAt + 1 ? at : null;
    if (code === BACKSLASH || lineBreakAt(text, at) > 0) return null;
  }
  return null;
}

const BACKSLASH = 0x5c;

interface Escape {
  readonly value: string;
  readonly end: number;
}

/** Reads what a backslash at `at` starts; an unknown escape keeps its backslash, as in Python. */
function readEscape(text: string, at: number, end: number, raw: boolean, bytes: boolean): Escape {
  const lineBreak = lineBreakAt(text, at + 1);
  if (raw) {
    // A raw string keeps both characters; the second one never closes it.
    const second = lineBreak > 0 ? '\n' : text.charAt(at + 1);
    return { value: `\\${second}`, end: at + 1 + Math.max(lineBreak, 1) };
  }
  if (lineBreak > 0) return { value: '', end: at + 1 + lineBreak };
  const letter = text.charAt(at + 1);
  const simple = SIMPLE_ESCAPES[letter];
  if (simple !== undefined) return { value: simple, end: at + 2 };
  if (letter >= '0' && letter <= '7') return readOctal(text, at, end);
  const hexDigits = HEX_ESCAPES[letter];
  if (hexDigits !== undefined && !(bytes && letter !== 'x')) return readHex(text, at, end, hexDigits);
  if (letter === 'N' && !bytes) {
    throw new LiteralError('\\N{…} names a character by its Unicode name, which is not supported', {
      start: at,
      end: at + 2,
    });
  }
  return { value: '\\', end: at + 1 };
}

function readOctal(text: string, at: number, end: number): Escape {
  let stop = at + 1;
  while (stop < end && stop < at + 4 && text.charAt(stop) >= '0' && text.charAt(stop) <= '7') stop++;
  return { value: String.fromCharCode(Number.parseInt(text.slice(at + 1, stop), 8)), end: stop };
}

function readHex(text: string, at: number, end: number, count: number): Escape {
  const hex = text.slice(at + 2, Math.min(at + 2 + count, end));
  const code = /^[0-9a-fA-F]+$/.test(hex) && hex.length === count ? Number.parseInt(hex, 16) : Number.NaN;
  if (!(code <= 0x10ffff)) {
    throw new LiteralError(`\\${text.charAt(at + 1)} needs ${count} hexadecimal digits of a character`, {
      start: at,
      end: at + 2 + hex.length,
    });
  }
  return { value: String.fromCodePoint(code), end: at + 2 + count };
}
