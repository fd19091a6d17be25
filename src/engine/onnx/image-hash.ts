import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RgbImage } from '../../trace/geometry';

/** Bytes that are hashed or sent before other work of this process gets its turn. */
export const sliceBytes = 4 * 2 ** 20;

const known = new WeakMap<Uint8Array, Promise<string>>();

/** SHA-256 (hex) of an image's size and pixels. It is remembered, so the pixels must not change afterwards. */
export function imageHash(image: RgbImage): Promise<string> {
  const before = known.get(image.data);
  if (before) return before;
  const hash = compute(image);
  known.set(image.data, hash);
  return hash;
}

async function compute({ width, height, data }: RgbImage): Promise<string> {
  const hash = createHash('sha256').update(`${width}x${height}:`);
  for (let from = 0; from < data.length; from += sliceBytes) {
    if (from > 0) await nextTurn();
    hash.update(data.subarray(from, from + sliceBytes));
  }
  return hash.digest('hex');
}
