import type { FileHandle } from 'node:fs/promises';

const LINE_FEED = 0x0a;
const PIECE = 1 << 20;
/** So many of the last bytes that were read are looked at to see whether the file is still the same one. */
const ANCHOR = 256;

/** What a file holds beyond what was read of it before. */
export interface NewLines {
  /** Whether the file is another one than before, so that these are all its lines. */
  readonly afresh: boolean;
  readonly lines: readonly string[];
  /** What follows the last line feed; empty in a file that is whole. */
  readonly tail: Buffer;
}

/** Reads the lines that were appended to a file since the last time, without reading the rest again. */
export class OverlayReader {
  private anchor = Buffer.alloc(0);
  private offset = 0;

  /** Where the last whole line that was read ends, in bytes. */
  get end(): number {
    return this.offset;
  }

  async read(file: FileHandle): Promise<NewLines> {
    const afresh = !(await this.isSame(file));
    if (afresh) this.reset();
    const lines: string[] = [];
    let rest: Buffer = Buffer.alloc(0);
    // What is appended while this reads is for the next time.
    const { size } = await file.stat();
    for (let position = this.offset; position < size; ) {
      const piece = await readAt(file, position, Math.min(PIECE, size - position));
      if (piece.length === 0) break;
      position += piece.length;
      rest = Buffer.concat([rest, piece]);
      const end = rest.lastIndexOf(LINE_FEED) + 1;
      if (end === 0) continue;
      const whole = rest.subarray(0, end);
      // Lines end at a line feed and at nothing else.
      lines.push(...whole.toString('utf8').split('\n').slice(0, -1));
      this.anchor = Buffer.from(Buffer.concat([this.anchor, whole]).subarray(-ANCHOR));
      this.offset += end;
      rest = Buffer.from(rest.subarray(end));
    }
    return { afresh, lines, tail: rest };
  }

  /** Forgets what was read, as when the file is gone. */
  reset(): void {
    this.anchor = Buffer.alloc(0);
    this.offset = 0;
  }

  private async isSame(file: FileHandle): Promise<boolean> {
    const { length } = this.anchor;
    return this.anchor.equals(await readAt(file, this.offset - length, length));
  }
}

/** Up to `length` bytes; fewer only at the end of the file. */
async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
