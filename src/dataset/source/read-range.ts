import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { ItemRange } from './item-table';

/** An item beyond this is not read: a string of it, its JSON and its traces would take gigabytes. */
export const LONGEST_ITEM = 64 << 20;

/** The text of an item, or why it has none; for bytes that are no text, the first of them and how many lines end before. */
export type ItemText =
  | { readonly text: string }
  | { readonly fault: 'too-long'; readonly length: number }
  | { readonly fault: 'not-utf8'; readonly byte: number; readonly lines: number };

/** What names an item, whatever its place: SHA-256 (hexadecimal) of its text, of an empty one where it has none. */
export function hashOf(item: ItemText): string {
  return createHash('sha256')
    .update('text' in item ? item.text : '')
    .digest('hex');
}

/** Reads bytes `start` to `end` of a file as text; fewer where the file has become shorter. Throws system errors. */
export async function readRange(
  file: FileHandle,
  { start, end }: Pick<ItemRange, 'start' | 'end'>,
): Promise<ItemText> {
  const length = end - start;
  if (length > LONGEST_ITEM) return { fault: 'too-long', length };
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, start + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  const item = bytes.subarray(0, done);
  const text = item.toString('utf8');
  if (isUtf8(item)) return { text };
  const byte = firstBadByte(item, text);
  return { fault: 'not-utf8', byte, lines: item.toString('latin1', 0, byte).split('\n').length - 1 };
}

/** The first byte that decoding to `text` lost: what is decoded as U+FFFD without being one. */
function firstBadByte(bytes: Buffer, text: string): number {
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) {
    const byte = Buffer.byteLength(text.slice(0, at));
    if (bytes.toString('latin1', byte, byte + 3) !== '\u00ef\u00bf\u00bd') return byte;
  }
  return 0;
}
