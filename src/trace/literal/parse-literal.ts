import type { Span } from '../python-text';
import { Cursor } from './cursor';
import { type DictEntry, describeLiteral, type Literal, LiteralError } from './literal';
import { isNameCode, scanNumber, startsNumber } from './scan-number';
import { isStringPrefix, scanString } from './scan-string';

/** `jsonConstants`: where JSON's `null`, `true` and `false` stand, which Python does not know. */
export type LiteralResult =
  | { readonly ok: true; readonly literal: Literal; readonly jsonConstants: readonly Span[] }
  | { readonly ok: false; readonly message: string; readonly span: Span };

/** Python's tokenizer refuses deeper brackets (`MAXLEVEL`); it also bounds the recursion here. */
const DEEPEST = 200;

const CONSTANTS: Readonly<Record<string, boolean | null>> = { None: null, True: true, False: false };
const JSON_CONSTANTS: Readonly<Record<string, boolean | null>> = { null: null, true: true, false: false };

/**
 * Reads a range of a text as `ast.literal_eval` reads it: any literal of Python, with its comments, joined lines and
 * rules of indentation, where every line end of `str.splitlines` is a line end. Beyond Python it takes JSON's constants
 * and says where; short of it, it does not know `\N{…}` escapes. Linear in the length; throws nothing.
 */
export function parseLiteral(text: string, span: Span): LiteralResult {
  try {
    const parser = new LiteralParser(text, span);
    return { ok: true, literal: parser.parse(), jsonConstants: parser.jsonConstants };
  } catch (error) {
    if (error instanceof LiteralError) return { ok: false, message: error.message, span: error.span };
    throw error;
  }
}

class LiteralParser {
  readonly jsonConstants: Span[] = [];
  private readonly cursor: Cursor;

  constructor(
    private readonly text: string,
    span: Span,
  ) {
    this.cursor = new Cursor(text, span);
  }

  parse(): Literal {
    const { cursor } = this;
    cursor.checkCharacters();
    cursor.skipBlanks();
    cursor.skipEmptyLines();
    if (cursor.peek() === '') throw cursor.error('nothing in it');
    const slots: Span[] = [];
    const first = this.expressionIn(slots);
    cursor.skip();
    const literal = cursor.peek() === ',' ? this.bareTuple(first, slots[0] ?? first) : first;
    if (cursor.peek() === '#') cursor.skipComment();
    if (cursor.lineBreak() > 0) {
      cursor.at += cursor.lineBreak();
      cursor.skipEmptyLines();
    }
    if (cursor.peek() !== '') throw cursor.error('text after the value');
    return literal;
  }

  /** `a, b` without parentheses is a tuple too. */
  private bareTuple(first: Literal, slot: Span): Literal {
    const { cursor } = this;
    const items = [first];
    const slots = [slot];
    let end = first.end;
    while (cursor.peek() === ',') {
      cursor.at++;
      end = cursor.at;
      cursor.skip();
      if (cursor.peek() === '' || cursor.lineBreak() > 0 || cursor.peek() === '#') break;
      const item = this.expressionIn(slots);
      items.push(item);
      end = slots.at(-1)?.end ?? end;
      cursor.skip();
    }
    return { kind: 'tuple', items, slots, start: slot.start, end };
  }

  /** A value, whose slot joins `slots`. */
  private expressionIn(slots: Span[]): Literal {
    const start = this.cursor.at;
    const value = this.expression();
    slots.push({ start, end: this.cursor.at });
    return value;
  }

  /** A value, or the sum of a real and an imaginary number. */
  private expression(): Literal {
    const { cursor } = this;
    const left = this.signed();
    if (left.kind !== 'number') return left;
    cursor.skip();
    if (cursor.peek() !== '+' && cursor.peek() !== '-') return left;
    cursor.at++;
    cursor.skip();
    const right = this.primary();
    const span = { start: left.start, end: right.end };
    if (left.form === 'complex' || right.kind !== 'number' || right.form !== 'complex' || right.signed) {
      throw new LiteralError('a sum is no literal', span);
    }
    return { ...right, signed: true, ...span };
  }

  private signed(): Literal {
    const { cursor } = this;
    const start = cursor.at;
    const sign = cursor.peek();
    if (sign !== '+' && sign !== '-') return this.primary();
    cursor.at++;
    cursor.skip();
    const operand = this.primary();
    if (operand.kind !== 'number' || operand.signed) {
      throw new LiteralError(`a sign that is not before a number`, { start, end: operand.end });
    }
    return { ...operand, value: sign === '-' ? -operand.value : operand.value, signed: true, start };
  }

  private primary(): Literal {
    const { cursor } = this;
    const start = cursor.at;
    const char = cursor.peek();
    if (char === '[') return this.list();
    if (char === '(') return this.parentheses();
    if (char === '{') return this.braces();
    if (this.quoteAt() !== null) return this.strings();
    if (startsNumber(this.text, start, cursor.end)) {
      const { form, value, end } = scanNumber(this.text, start, cursor.end);
      cursor.at = end;
      return { kind: 'number', form, value, signed: false, start, end };
    }
    if (this.text.startsWith('...', start) && start + 3 <= cursor.end) {
      cursor.at += 3;
      return { kind: 'ellipsis', start, end: cursor.at };
    }
    if (char === '' || cursor.lineBreak() > 0) throw cursor.error('it ends too early');
    if (!isNameCode(char.charCodeAt(0))) throw cursor.error(`no value starts with ${JSON.stringify(char)}`);
    return this.name();
  }

  private list(): Literal {
    const start = this.open();
    const items: Literal[] = [];
    const slots: Span[] = [];
    while (this.cursor.peek() !== ']') {
      items.push(this.expressionIn(slots));
      this.comma(']');
    }
    return { kind: 'list', items, slots, start, end: this.close() };
  }

  /** A tuple, or one value in parentheses, which is that value. */
  private parentheses(): Literal {
    const start = this.open();
    const items: Literal[] = [];
    const slots: Span[] = [];
    let comma = false;
    while (this.cursor.peek() !== ')') {
      items.push(this.expressionIn(slots));
      comma = this.comma(')');
    }
    const end = this.close();
    const [only] = items;
    return only !== undefined && items.length === 1 && !comma
      ? only
      : { kind: 'tuple', items, slots, start, end };
  }

  private braces(): Literal {
    const { cursor } = this;
    const start = this.open();
    const keys: Literal[] = [];
    const slots: Span[] = [];
    const entries: DictEntry[] = [];
    while (cursor.peek() !== '}') {
      const key = this.expressionIn(slots);
      if (!isHashable(key)) throw new LiteralError(`${describeLiteral(key)} as a key or in a set`, key);
      keys.push(key);
      cursor.skip();
      if (cursor.peek() === ':' && entries.length === keys.length - 1) {
        cursor.at++;
        cursor.skip();
        entries.push({ key, value: this.expression() });
      } else if (entries.length > 0) {
        throw cursor.error('expected ":" after a key');
      }
      this.comma('}');
    }
    const end = this.close();
    return keys.length > entries.length
      ? { kind: 'set', items: keys, slots, start, end }
      : { kind: 'dict', entries, start, end };
  }

  /** Passes an opening bracket and says where it stood. */
  private open(): number {
    const { cursor } = this;
    const start = cursor.at;
    if (cursor.depth >= DEEPEST) throw cursor.error(`brackets nested deeper than ${DEEPEST}`);
    cursor.depth++;
    cursor.at++;
    cursor.skip();
    return start;
  }

  /** Passes a closing bracket and says where it ends. */
  private close(): number {
    this.cursor.depth--;
    this.cursor.at++;
    return this.cursor.at;
  }

  /** Passes the comma after an item, or stays before the closing bracket; says whether there was a comma. */
  private comma(closing: string): boolean {
    const { cursor } = this;
    cursor.skip();
    if (cursor.peek() === closing) return false;
    if (cursor.peek() === '') throw cursor.error(`"${closing}" is missing`);
    if (cursor.peek() !== ',') throw cursor.error(`expected "," or "${closing}"`);
    cursor.at++;
    cursor.skip();
    return true;
  }

  /** Where the quote of a string that starts here stands, after its prefix; null if no string starts here. */
  private quoteAt(): number | null {
    const { at, end } = this.cursor;
    for (let quote = at; quote < Math.min(at + 3, end); quote++) {
      const char = this.text.charAt(quote);
      if (char === '"' || char === "'") return isStringPrefix(this.text.slice(at, quote)) ? quote : null;
      if (!isNameCode(char.charCodeAt(0))) return null;
    }
    return null;
  }

  /** One string, or several one after another, which are one. */
  private strings(): Literal {
    const { cursor } = this;
    const start = cursor.at;
    let value = '';
    let bytes: boolean | null = null;
    let end = start;
    for (let quoteAt = this.quoteAt(); quoteAt !== null; quoteAt = this.quoteAt()) {
      const part = scanString(this.text, cursor.at, quoteAt, cursor.end);
      if (bytes !== null && bytes !== part.bytes) throw cursor.error('bytes and text one after another');
      bytes = part.bytes;
      value += part.value;
      end = part.end;
      cursor.at = end;
      cursor.skip();
    }
    return bytes ? { kind: 'bytes', start, end } : { kind: 'string', value, start, end };
  }

  /** A constant, or `set()`, the one call that is a literal. */
  private name(): Literal {
    const { cursor } = this;
    const start = cursor.at;
    while (cursor.at < cursor.end && isNameCode(this.text.charCodeAt(cursor.at))) cursor.at++;
    const end = cursor.at;
    const name = this.text.slice(start, end);
    if (Object.hasOwn(CONSTANTS, name))
      return { kind: 'constant', value: CONSTANTS[name] ?? null, start, end };
    if (Object.hasOwn(JSON_CONSTANTS, name)) {
      this.jsonConstants.push({ start, end });
      return { kind: 'constant', value: JSON_CONSTANTS[name] ?? null, start, end };
    }
    if (name === 'set') {
      cursor.skip();
      if (cursor.peek() === '(') {
        this.open();
        if (cursor.peek() === ')') return { kind: 'set', items: [], slots: [], start, end: this.close() };
      }
    }
    const shown = name.length > 40 ? `${name.slice(0, 40)}…` : name;
    throw new LiteralError(`the name ${JSON.stringify(shown)} is no value`, { start, end });
  }
}

/** What Python cannot hash can be no key of a dict and no member of a set. */
function isHashable(literal: Literal): boolean {
  if (literal.kind === 'tuple') return literal.items.every(isHashable);
  return literal.kind !== 'list' && literal.kind !== 'dict' && literal.kind !== 'set';
}
