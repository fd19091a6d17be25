import { isAscii, lineBreakAt, type Span } from '../python-text';
import { LiteralError } from './literal';

const [TAB, SPACE, HASH, BACKSLASH] = [0x09, 0x20, 0x23, 0x5c];

/** A place in the text of a literal, and Python's rules of lines: what may stand between two tokens. */
export class Cursor {
  at: number;
  readonly end: number;
  /** Open brackets; within them a line end is white space. */
  depth = 0;

  constructor(
    readonly text: string,
    span: Span,
  ) {
    this.at = span.start;
    this.end = span.end;
  }

  /** The character here, or `''` at the end. */
  peek(): string {
    return this.at < this.end ? this.text.charAt(this.at) : '';
  }

  /** Length of the line end that stands here, 0 if none does. */
  lineBreak(): number {
    return this.at < this.end ? Math.min(lineBreakAt(this.text, this.at), this.end - this.at) : 0;
  }

  error(message: string): LiteralError {
    return new LiteralError(message, { start: this.at, end: Math.min(this.at + 1, this.end) });
  }

  /** Python refuses a source with a NUL or with half a surrogate pair, wherever it stands. */
  checkCharacters(): void {
    const rest = this.text.slice(this.at, this.end);
    if (isAscii(rest) && !rest.includes('\0')) return;
    for (let i = this.at; i < this.end; i++) {
      const code = this.text.charCodeAt(i);
      if (code === 0) throw new LiteralError('a NUL character', { start: i, end: i + 1 });
      if (code < 0xd800 || code > 0xdfff) continue;
      const paired = code < 0xdc00 && i + 1 < this.end && (this.text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
      if (!paired) throw new LiteralError('half a surrogate pair', { start: i, end: i + 1 });
      i++;
    }
  }

  skipBlanks(): void {
    for (; this.at < this.end; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code !== SPACE && code !== TAB) return;
    }
  }

  /** Passes what may stand between two tokens: blanks and joined lines; in brackets also line ends and comments. */
  skip(): void {
    for (;;) {
      this.skipBlanks();
      if (this.isAtToken()) return;
      if (this.peek() === '\\') this.passContinuation();
      else if (this.depth > 0 && this.peek() === '#') this.skipComment();
      else if (this.depth > 0 && this.lineBreak() > 0) this.at += this.lineBreak();
      else return;
    }
  }

  /** Whether a token of ASCII stands here, and so nothing to be passed. */
  private isAtToken(): boolean {
    if (this.at >= this.end) return true;
    const code = this.text.charCodeAt(this.at);
    return code > 0x20 && code < 0x7f && code !== HASH && code !== BACKSLASH;
  }

  skipComment(): void {
    while (this.at < this.end && this.lineBreak() === 0) this.at++;
  }

  /** From the start of a line, passes lines that are empty or a comment; the line after them may not be indented. */
  skipEmptyLines(): void {
    while (this.at < this.end) {
      const start = this.at;
      this.skipBlanks();
      let indented = this.at > start;
      while (this.peek() === '\\') {
        this.passContinuation();
        const next = this.at;
        this.skipBlanks();
        indented ||= this.at > next;
      }
      if (this.peek() === '#') this.skipComment();
      else if (this.lineBreak() === 0) {
        if (indented) throw new LiteralError(this.indentMessage(), { start, end: this.at });
        return;
      }
      this.at += this.lineBreak();
    }
  }

  private indentMessage(): string {
    return this.at < this.end
      ? 'an indented line, which Python refuses here'
      : 'white space alone on the last line, which Python refuses as an indented line';
  }

  /** A backslash at the end of a line joins it with the next one, which must exist. */
  private passContinuation(): void {
    const start = this.at;
    this.at++;
    const length = this.lineBreak();
    this.at += length;
    if (length === 0 || this.at >= this.end) {
      throw new LiteralError('a backslash that joins no line', { start, end: start + 1 });
    }
  }
}
