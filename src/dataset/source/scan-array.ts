import { DEEPEST_JSON } from '../../trace/parse-json';
import type { FileFault, ItemScanner, OnItem } from './scanner';

const [QUOTE, BACKSLASH, COMMA, LINE_FEED] = [0x22, 0x5c, 0x2c, 0x0a];
const [OPENING_BRACKET, CLOSING_BRACKET, OPENING_BRACE, CLOSING_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Where the scanner is. `member-or-end` stands right after the opening bracket. */
type Expected = 'start' | 'member-or-end' | 'member' | 'comma' | 'in-member' | 'in-word' | 'nothing';

/**
 * Finds the members of one JSON array by its brackets, commas and strings; the rest of a member's grammar shows when it is
 * read. A fault ends the reading: nothing says where the next member begins. All before it has been found.
 */
export class ArrayScanner implements ItemScanner {
  private position: number;
  private line: number;
  private expected: Expected = 'start';
  private inString = false;
  private escaped = false;
  /** Brackets open within the array, the outermost first. */
  private readonly open = new Uint8Array(DEEPEST_JSON);
  private depth = 0;
  private member = { start: 0, line: 1 };
  private fault: FileFault | null = null;

  constructor(
    private readonly onItem: OnItem,
    { position, line }: { readonly position: number; readonly line: number },
  ) {
    this.position = position;
    this.line = line;
  }

  push(piece: Uint8Array): boolean {
    for (let i = 0; i < piece.length && this.fault === null; i++) {
      if (this.inString) i = this.skipString(piece, i);
      else this.step(piece[i] ?? 0, this.position + i);
    }
    this.position += piece.length;
    return this.fault === null;
  }

  end(): FileFault | null {
    if (this.fault === null && this.expected !== 'nothing') {
      const { start, line } = this.member;
      const within = this.expected === 'in-member' || this.expected === 'in-word';
      const where = within ? `, within the item that begins at byte ${start} in line ${line}` : '';
      this.fail(this.position, `The file ends before its JSON array does${where}.`);
    }
    return this.fault;
  }

  /** Goes on within a string; gives the place of its end, or of the last byte of the piece. */
  private skipString(piece: Uint8Array, from: number): number {
    let i = from;
    for (; i < piece.length; i++) {
      const byte = piece[i];
      if (this.escaped) this.escaped = false;
      else if (byte === BACKSLASH) this.escaped = true;
      else if (byte === QUOTE) {
        this.inString = false;
        if (this.depth === 0) this.finish(this.position + i + 1);
        return i;
      }
      if (byte === LINE_FEED) {
        this.fail(this.position + i, 'A string is not closed before its line ends.');
        return i;
      }
    }
    return i;
  }

  /** Takes a byte outside of strings, which stands at `at` in the file. */
  private step(byte: number, at: number): void {
    if (byte === LINE_FEED) this.line++;
    if (this.expected === 'in-word') this.stepInWord(byte, at);
    else if (this.expected === 'in-member') this.stepInMember(byte, at);
    else if (byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === LINE_FEED) return;
    else this.stepBetween(byte, at);
  }

  private stepInWord(byte: number, at: number): void {
    const ends = byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === LINE_FEED;
    if (!ends && byte !== COMMA && byte !== CLOSING_BRACKET) return;
    this.finish(at);
    if (!ends) this.stepBetween(byte, at);
  }

  private stepInMember(byte: number, at: number): void {
    if (byte === QUOTE) this.inString = true;
    else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) this.enter(byte, at);
    else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) {
      const opening = this.open[this.depth - 1];
      if (byte - 2 !== opening) {
        const [found, wanted] = byte === CLOSING_BRACE ? ['}', ']'] : [']', '}'];
        this.fail(at, `There is a ${found} where a ${wanted} has to come first.`);
        return;
      }
      this.depth--;
      if (this.depth === 0) this.finish(at + 1);
    }
  }

  private stepBetween(byte: number, at: number): void {
    if (this.expected === 'start') this.expected = 'member-or-end';
    else if (this.expected === 'nothing') this.fail(at, 'Something follows the end of the JSON array.');
    else if (byte === CLOSING_BRACKET && this.expected !== 'member') this.expected = 'nothing';
    else if (this.expected === 'comma') {
      if (byte === COMMA) this.expected = 'member';
      else this.fail(at, 'A comma or the ] of the JSON array is missing here.');
    } else if (byte === COMMA || byte === CLOSING_BRACKET || byte === CLOSING_BRACE) {
      this.fail(at, 'An item of the JSON array is missing here.');
    } else this.begin(byte, at);
  }

  private begin(byte: number, at: number): void {
    this.member = { start: at, line: this.line };
    const nested = byte === OPENING_BRACE || byte === OPENING_BRACKET;
    this.expected = nested || byte === QUOTE ? 'in-member' : 'in-word';
    if (nested) this.enter(byte, at);
    else this.inString = byte === QUOTE;
  }

  private enter(bracket: number, at: number): void {
    if (this.depth + 1 >= DEEPEST_JSON) this.fail(at, `It is nested deeper than ${DEEPEST_JSON} brackets.`);
    else this.open[this.depth++] = bracket;
  }

  private finish(end: number): void {
    this.expected = 'comma';
    this.onItem(this.member.start, end, this.member.line);
  }

  private fail(byte: number, message: string): void {
    this.fault = { line: this.line, byte, message };
  }
}
