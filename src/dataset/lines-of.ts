import { open } from 'node:fs/promises';
import { DataError, systemReason } from './data-error';

const PIECE = 1 << 20;
const LINE_FEED = 0x0a;

/** The lines of a UTF-8 file, which end at a line feed and at nothing else. Throws `DataError`. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw new DataError(`Cannot read ${path}: ${systemReason(error)}.`);
  });
  try {
    let rest: Buffer[] = [];
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PIECE), 0, PIECE);
      if (bytesRead === 0) break;
      let piece = buffer.subarray(0, bytesRead);
      for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED)) {
        yield Buffer.concat([...rest, piece.subarray(0, at)]).toString('utf8');
        rest = [];
        piece = piece.subarray(at + 1);
      }
      rest.push(piece);
    }
    const last = Buffer.concat(rest);
    if (last.length > 0) yield last.toString('utf8');
  } finally {
    await file.close();
  }
}
