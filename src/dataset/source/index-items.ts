import { read } from 'node:fs';
import { promisify } from 'node:util';
import { systemReason } from '../data-error';
import { checkOf, type ReadBytes } from './item-check';
import { type ItemBatch, type ItemRange, ItemTable } from './item-table';
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
  let found: ItemRange[] = [];
  let [total, lastLine, position] = [0, 1, origin];
  const scanner = createScanner(form, (start, end, line) => {
    if (++total > mostItems) return;
    found.push({ start: origin + start, end: origin + end, line });
    lastLine = line;
  });
  const tell = async (known: ReadBytes) => {
    if (found.length === 0) return;
    const items = new ItemTable();
    for (const item of found) items.add({ ...item, check: await checkOf(fd, item, known) });
    found = [];
    onItems(items.since(0));
  };
  try {
    while (!signal.aborted) {
      const length = position === origin ? Math.min(FIRST_PIECE, piece) : piece;
      const { bytesRead } = await readPiece(fd, buffer, 0, length, position);
      if (bytesRead === 0) break;
      const bytes = buffer.subarray(0, bytesRead);
      const goesOn = scanner.push(bytes);
      await tell({ bytes, position });
      position += bytesRead;
      if (total > mostItems) {
        const message = `The file holds more than ${mostItems} items; the rest is not read.`;
        return { line: lastLine, byte: position, message };
      }
      if (!goesOn) break;
    }
    if (signal.aborted) return null;
    const fault = scanner.end();
    await tell({ bytes: buffer.subarray(0, 0), position });
    return fault === null ? null : { ...fault, byte: origin + fault.byte };
  } catch (error) {
    const message = `The file cannot be read from here on: ${systemReason(error)}.`;
    return { line: lastLine, byte: position, message };
  }
}
