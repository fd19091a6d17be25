import { read } from 'node:fs';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import type { ItemRange } from './item-table';
import { LONGEST_ITEM } from './read-range';

const readPiece = promisify(read);
const PIECE = 1 << 20;

/** Bytes of a file that were read, and where they stand in it. */
export interface ReadBytes {
  readonly bytes: Uint8Array;
  readonly position: number;
}

/**
 * CRC-32 of bytes `start` to `end` of the open file `fd`, of which `known` need not be read again if all of them are in it. 0 of
 * an item that is too long for anybody to read it. Throws system errors.
 */
export async function checkOf(
  fd: number,
  { start, end }: Pick<ItemRange, 'start' | 'end'>,
  known: ReadBytes,
): Promise<number> {
  if (start >= known.position) {
    return crc32(known.bytes.subarray(start - known.position, end - known.position));
  }
  if (end - start > LONGEST_ITEM) return 0;
  const buffer = Buffer.allocUnsafe(Math.min(end - start, PIECE));
  let check = 0;
  for (let at = start; at < end; ) {
    const { bytesRead } = await readPiece(fd, buffer, 0, Math.min(buffer.length, end - at), at);
    if (bytesRead === 0) break;
    check = crc32(buffer.subarray(0, bytesRead), check);
    at += bytesRead;
  }
  return check;
}
