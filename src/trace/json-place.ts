import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';

/** A place in a JSON text: UTF-16 code units and UTF-8 bytes from its start. */
export interface JsonPlace {
  readonly units: number;
  readonly bytes: number;
}

/** The first place where a text that `JSON.parse` refused is no JSON, and what is wrong there. */
export function findJsonError(text: string): { readonly place: JsonPlace; readonly reason: string } {
  const errors: ParseError[] = [];
  buildTree(text, errors);
  const first = errors[0];
  const code = first ? printParseErrorCode(first.error) : '';
  const reason = WORDS.get(code) ?? 'not JSON';
  return { place: new Utf8Counter(text).placeAt(first?.offset ?? 0), reason };
}

/** What the parser complains of, in words. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['CloseBracketExpected', 'a closing bracket is missing'],
  ['CloseBraceExpected', 'a closing brace is missing'],
  ['CommaExpected', 'a comma is missing'],
  ['ColonExpected', 'a colon is missing'],
  ['ValueExpected', 'a value is missing'],
  ['PropertyNameExpected', 'the name of a field is missing'],
  ['UnexpectedEndOfString', 'a string does not end'],
  ['UnexpectedEndOfNumber', 'a number does not end'],
  ['InvalidSymbol', 'this is no value'],
  ['InvalidNumberFormat', 'this is no number'],
  ['InvalidCharacter', 'this character may not stand in a string'],
  ['InvalidEscapeCharacter', 'this is no escape'],
  ['EndOfFileExpected', 'more follows after the end'],
]);

/** Finds where values stand in a JSON text. The text is read once, when the first of them is looked for. */
export class JsonPlaces {
  private root: Node | undefined | null = null;
  private readonly bytes: Utf8Counter;

  constructor(private readonly text: string) {
    this.bytes = new Utf8Counter(text);
  }

  /** Where the value at `path` stands, or the innermost value on the way to it if it is missing. */
  find(path: readonly (string | number)[]): JsonPlace {
    if (this.root === null) this.root = buildTree(this.text, []);
    const { root } = this;
    for (let length = path.length; root && length > 0; length--) {
      const node = findNodeAtLocation(root, path.slice(0, length));
      if (node) return this.bytes.placeAt(node.offset);
    }
    return this.bytes.placeAt(root?.offset ?? 0);
  }
}

/** How deep brackets are nested in a JSON text, those within strings left out. */
export function jsonDepth(text: string): number {
  return scanBrackets(text).deepest;
}

/** Whether a JSON text ends before its brackets and its last string do, as one that was cut short does. */
export function isUnfinishedJson(text: string): boolean {
  const { depth, inString } = scanBrackets(text);
  return inString || depth > 0;
}

/** Brackets open at the end of the text and at the most, outside of strings; and whether a string is open at the end. */
function scanBrackets(text: string): { depth: number; deepest: number; inString: boolean } {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) inString = !inString;
    else if (inString && code === BACKSLASH) i++;
    else if (inString) continue;
    else if (code === OPENING_BRACKET || code === OPENING_BRACE) deepest = Math.max(deepest, ++depth);
    else if (code === CLOSING_BRACKET || code === CLOSING_BRACE) depth--;
  }
  return { depth, deepest, inString };
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPENING_BRACKET, CLOSING_BRACKET, OPENING_BRACE, CLOSING_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Nothing for a text that is no JSON and so odd that the parser, which recurses, runs out of stack. */
function buildTree(text: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Counts the bytes before places of a text; places that come in their order are counted on from the one before. */
class Utf8Counter {
  private units = 0;
  private bytes = 0;

  constructor(private readonly text: string) {}

  placeAt(units: number): JsonPlace {
    if (units < this.units) {
      this.units = 0;
      this.bytes = 0;
    }
    while (this.units < units) {
      const code = this.text.charCodeAt(this.units++);
      // Each half of a surrogate pair counts two of its four bytes.
      this.bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3;
    }
    return { units, bytes: this.bytes };
  }
}
