import type { FileFault, ItemScanner, OnItem } from './scanner';

const LINE_FEED = 0x0a;

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === LINE_FEED;

/**
 * Finds items that stand one a line. Lines end at a line feed and at nothing else; what follows the last one is a line if
 * there is anything. Whether a line is sound shows when it is read: one that is not keeps no other from being found.
 */
export class LineScanner implements ItemScanner {
  private position: number;
  private line: number;
  /** First byte of the line, and one after its last byte that counts; the line has nothing yet where they are equal. */
  private start: number;
  private last: number;

  /** @param exact whether blank lines are items, and white space and line feed part of them. */
  constructor(
    private readonly onItem: OnItem,
    private readonly exact: boolean,
    { position, line }: { readonly position: number; readonly line: number } = { position: 0, line: 1 },
  ) {
    this.position = position;
    this.line = line;
    this.start = position;
    this.last = position;
  }

  push(piece: Uint8Array): boolean {
    for (let from = 0; from < piece.length; ) {
      const feed = piece.indexOf(LINE_FEED, from);
      const to = feed < 0 ? piece.length : feed + 1;
      this.take(piece, from, to);
      if (feed >= 0) this.finish(this.position + to);
      from = to;
    }
    this.position += piece.length;
    return true;
  }

  end(): FileFault | null {
    this.finish(this.position);
    return null;
  }

  /** Bytes `from` to `to` of the piece belong to this line. */
  private take(piece: Uint8Array, from: number, to: number): void {
    let [first, end] = [from, to];
    if (!this.exact) {
      while (end > from && isSpace(piece[end - 1])) end--;
      if (this.last === this.start) while (first < end && isSpace(piece[first])) first++;
    }
    if (first === end) return;
    if (this.last === this.start) this.start = this.position + first;
    this.last = this.position + end;
  }

  private finish(next: number): void {
    if (this.last > this.start) this.onItem(this.start, this.last, this.line);
    this.start = next;
    this.last = next;
    this.line++;
  }
}
