import { ArrayScanner } from './scan-array';
import { LineScanner } from './scan-lines';
import type { FileFault, ItemForm, ItemScanner, OnItem } from './scanner';

/** A scanner for a file whose items stand as `form` says; it tells `onItem` of each. */
export function createScanner(form: ItemForm, onItem: OnItem): ItemScanner {
  return form === 'exact-lines' ? new LineScanner(onItem, true) : new AnyScanner(onItem);
}

const MARK = [0xef, 0xbb, 0xbf];
const OPENING_BRACKET = 0x5b;

/** Waits for the first character that is no white space, and reads on as it says. */
class AnyScanner implements ItemScanner {
  private inner: ItemScanner | null = null;
  private position = 0;
  private line = 1;
  /** Bytes of a byte order mark that have come so far. */
  private marked = 0;

  constructor(private readonly onItem: OnItem) {}

  push(piece: Uint8Array): boolean {
    if (this.inner !== null) return this.inner.push(piece);
    for (let i = 0; i < piece.length; i++) {
      const byte = piece[i] ?? 0;
      if (this.position === this.marked && byte === MARK[this.marked]) this.marked++;
      else if (this.isTorn()) return this.readTorn().push(piece.subarray(i));
      else if (byte === 0x0a) this.line++;
      else if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) {
        return this.choose(byte).push(piece.subarray(i));
      }
      this.position++;
    }
    return true;
  }

  end(): FileFault | null {
    const inner = this.isTorn() ? this.readTorn() : this.inner;
    return inner?.end() ?? null;
  }

  private choose(byte: number): ItemScanner {
    const start = { position: this.position, line: this.line };
    const { onItem } = this;
    this.inner =
      byte === OPENING_BRACKET ? new ArrayScanner(onItem, start) : new LineScanner(onItem, false, start);
    return this.inner;
  }

  /** Whether the file begins with a part of a byte order mark, which is no text. */
  private isTorn(): boolean {
    return (
      this.inner === null && this.marked === this.position && this.marked > 0 && this.marked < MARK.length
    );
  }

  private readTorn(): ItemScanner {
    this.inner = new LineScanner(this.onItem, false);
    this.inner.push(Uint8Array.from(MARK.slice(0, this.marked)));
    return this.inner;
  }
}
