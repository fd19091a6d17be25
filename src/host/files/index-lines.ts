import type { FileHandle } from 'node:fs/promises';
import { LineTable } from './line-table';

const PIECE = 1 << 20;
const LINE_FEED = 0x0a;

/** More lines would take more memory than an editor may; such a file holds something other than traces. */
export const MOST_LINES = 10_000_000;

export interface IndexOptions {
  readonly signal: AbortSignal;
  /** Told after each piece of the file that added lines. */
  readonly onLines: (table: LineTable) => void;
  readonly mostLines?: number;
  /** Where to begin: at the beginning of a line. */
  readonly start?: number;
}

/**
 * Finds the lines of a file by reading it piece by piece. Lines end at a line feed and at nothing else; what follows the
 * last one is a line if there is anything. Resolves early when `signal` is aborted or `MOST_LINES` are found.
 */
export async function indexLines(
  file: FileHandle,
  { signal, onLines, mostLines = MOST_LINES, start = 0 }: IndexOptions,
): Promise<LineTable> {
  const table = new LineTable(start);
  const buffer = Buffer.allocUnsafe(PIECE);
  let [position, end] = [start, start];
  while (!signal.aborted) {
    const { bytesRead } = await file.read(buffer, 0, PIECE, position);
    if (bytesRead === 0) break;
    const piece = buffer.subarray(0, bytesRead);
    const before = table.count;
    for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, at + 1)) {
      end = position + at + 1;
      table.add(end);
      if (table.count >= mostLines) return table;
    }
    position += bytesRead;
    if (table.count > before) onLines(table);
  }
  if (position > end && !signal.aborted) {
    table.add(position);
    onLines(table);
  }
  return table;
}
