import { read } from 'node:fs';
import { promisify } from 'node:util';
import { systemReason } from '../data-error';
import { type ItemBatch, ItemTable } from './item-table';
import { createScanner } from './scan-items';
import type { FileFault, ItemForm } from './scanner';

const readPiece = promisify(read);

/** The first piece is small, so that the first items are there at once. */
const FIRST_PIECE = 1 << 16;
const PIECE = 1 << 20;

/** More items would take more memory than an editor may; such a file holds something other than traces. */
export const MOST_ITEMS = 10_000_000;

export interface IndexOptions {
  readonly form: ItemForm;
  readonly signal: AbortSignal;
  /** Told of the items that a piece of the file added, if any. */
  readonly onItems: (batch: ItemBatch) => void;
  readonly mostItems?: number;
  /** Bytes that are read at once. */
  readonly piece?: number;
  /** Byte to begin at, where an item or white space before one does; lines are counted from there. */
  readonly start?: number;
}

/**
 * Finds the items of the open file `fd` by reading it from its start piece by piece. Resolves with the fault that kept the
 * rest of the file from being read, or null; early when `signal` is aborted. Throws nothing.
 */
export async function indexItems(
  fd: number,
  { form, signal, onItems, mostItems = MOST_ITEMS, piece = PIECE, start: origin = 0 }: IndexOptions,
): Promise<FileFault | null> {
  const buffer = Buffer.allocUnsafe(piece);
  let found = new ItemTable();
  let [total, lastLine, position] = [0, 1, origin];
  const scanner = createScanner(form, (start, end, line) => {
    if (++total > mostItems) return;
    found.add(origin + start, origin + end, line);
    lastLine = line;
  });
  const tell = () => {
    if (found.count === 0) return;
    onItems(found.since(0));
    found = new ItemTable();
  };
  while (!signal.aborted) {
    const length = position === origin ? Math.min(FIRST_PIECE, piece) : piece;
    let bytesRead: number;
    try {
      ({ bytesRead } = await readPiece(fd, buffer, 0, length, position));
    } catch (error) {
      const message = `The file cannot be read from here on: ${systemReason(error)}.`;
      return { line: lastLine, byte: position, message };
    }
    if (bytesRead === 0) break;
    const goesOn = scanner.push(buffer.subarray(0, bytesRead));
    position += bytesRead;
    tell();
    if (total > mostItems) {
      const message = `The file holds more than ${mostItems} items; the rest is not read.`;
      return { line: lastLine, byte: position, message };
    }
    if (!goesOn) break;
  }
  if (signal.aborted) return null;
  const fault = scanner.end();
  tell();
  return fault === null ? null : { ...fault, byte: origin + fault.byte };
}
