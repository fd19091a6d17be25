import type { Size } from '../../trace/geometry';
import { ImageError } from '../pixel-service';

/**
 * The palette numbers, a byte each, of a BMP in run lengths: `count, number(s)` or `0, what` with line end (0), picture end
 * (1), a jump right and up (2), or that many numbers as they are, padded to 16 bits. Two numbers share a byte in `rle4`.
 * Rows lie in file order. What jumps and early line ends leave out is number 0. The runs begin at byte `start` of the file.
 *
 * @throws ImageError where the runs end before the picture is full.
 */
export function expandRunLengths(
  bytes: Uint8Array,
  start: number,
  { width, height, coding }: Size & { readonly coding: 'plain' | 'rle4' | 'rle8' },
): Uint8Array {
  const numbers = new Uint8Array(width * height);
  const four = coding === 'rle4';
  let done = 0;
  let at = start;
  /** Numbers since the last line end, which may be more than a row has: a run stops at the row's end, the rest waits. */
  let x = 0;

  const put = (count: number, numberAt: (i: number) => number) => {
    for (let i = 0; i < count && done < numbers.length; i++) numbers[done++] = numberAt(i);
  };
  const nibble = (byte: number, i: number) => (i % 2 === 0 ? byte >> 4 : byte & 15);

  while (done < numbers.length && at + 1 < bytes.length) {
    const count = bytes[at] ?? 0;
    const what = bytes[at + 1] ?? 0;
    at += 2;
    if (count > 0) {
      const fitting = Math.max(0, Math.min(count, width - x));
      put(fitting, (i) => (four ? nibble(what, i) : what));
      x += fitting;
    } else if (what === 0) {
      done = Math.ceil(done / width) * width;
      x = 0;
    } else if (what === 1) {
      break;
    } else if (what === 2) {
      done = Math.min(numbers.length, done + (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * width);
      at += 2;
      x = done % width;
    } else {
      const [first, size] = [at, four ? Math.ceil(what / 2) : what];
      put(what, (i) => (four ? nibble(bytes[first + (i >> 1)] ?? 0, i) : (bytes[first + i] ?? 0)));
      x += what;
      at += size;
      at += at % 2;
    }
  }
  if (done < numbers.length) throw new ImageError('it ends too early; it may be cut short');
  return numbers;
}
