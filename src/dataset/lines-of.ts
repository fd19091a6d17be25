import { open } from 'node:fs/promises';
import { DataError, systemReason } from './data-error';

const PIECE = 1 << 20;
const LINE_FEED = 0x0a;

/** Whole lines of a file that stand one after another, as bytes. */
export interface LinePiece {
  /** The number of the first line, from 1. */
  readonly line: number;
  readonly bytes: Uint8Array;
}

/** The lines of a UTF-8 file, which end at a line feed and at nothing else. Throws `DataError`. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  for await (const { bytes } of linePieces(path)) yield* linesIn(bytes);
}

/** The lines of a piece, decoded. */
export function* linesIn(bytes: Uint8Array): Generator<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0, end = 0; start < buffer.length; start = end + 1) {
    const at = buffer.indexOf(LINE_FEED, start);
    end = at < 0 ? buffer.length : at;
    yield buffer.toString('utf8', start, end);
  }
}

/** A file in pieces of whole lines, of a megabyte and more where a line is longer. Throws `DataError`. */
export async function* linePieces(path: string): AsyncGenerator<LinePiece> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw new DataError(`Cannot read ${path}: ${systemReason(error)}.`);
  });
  try {
    let line = 1;
    let rest: Buffer[] = [];
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PIECE), 0, PIECE);
      if (bytesRead === 0) break;
      const read = buffer.subarray(0, bytesRead);
      const cut = read.lastIndexOf(LINE_FEED) + 1;
      if (cut > 0) {
        const bytes = Buffer.concat([...rest, read.subarray(0, cut)]);
        yield { line, bytes };
        line += countLines(bytes);
        rest = [];
      }
      if (cut < read.length) rest.push(read.subarray(cut));
    }
    const bytes = Buffer.concat(rest);
    if (bytes.length > 0) yield { line, bytes };
  } finally {
    await file.close();
  }
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
  return count;
}
