import { ImageError } from '../pixel-service';
import { ByteReader } from './byte-reader';
import type { AlphaRule } from './to-rgb';

const COMPRESSION = 259;
const PHOTOMETRIC = 262;
const EXTRA_SAMPLES = 338;

/**
 * What Pillow does with the fourth channel of this TIFF: tag ExtraSamples 0 says that it is not opacity.
 *
 * @throws ImageError for colour spaces that the native decoder would show in wrong colours.
 */
export function tiffAlphaRule(bytes: Uint8Array): AlphaRule {
  const tags = readFirstDirectory(bytes);
  const photometric = tags.get(PHOTOMETRIC);
  const compression = tags.get(COMPRESSION) ?? 1;
  if (photometric !== undefined && photometric >= 8 && photometric <= 10) {
    throw new ImageError('it is stored in Lab colours, which are not read; save it as RGB');
  }
  if (photometric === 6 && compression !== 6 && compression !== 7) {
    throw new ImageError('it is stored as YCbCr without JPEG compression, which is not read; save it as RGB');
  }
  return tags.get(EXTRA_SAMPLES) === 0 ? 'drop' : 'over-white';
}

/** The first value of each tag of the first page that is a 16-bit number. */
function readFirstDirectory(bytes: Uint8Array): ReadonlyMap<number, number> {
  const reader = new ByteReader(bytes, bytes[0] === 0x49);
  const big = reader.u16(2) === 43; // BigTIFF: counts and offsets take 8 bytes
  const directory = big ? reader.u64(8) : reader.u32(4);
  const count = big ? reader.u64(directory) : reader.u16(directory);
  const [first, entrySize, valueAt] = big ? [directory + 8, 20, 12] : [directory + 2, 12, 8];
  const tags = new Map<number, number>();
  for (let i = 0, at = first; i < count; i++, at += entrySize) {
    const type = reader.u16(at + 2);
    const values = big ? reader.u64(at + 4) : reader.u32(at + 4);
    const inline = values * 2 <= (big ? 8 : 4);
    const offset = big ? reader.u64(at + valueAt) : reader.u32(at + valueAt);
    if (type === 3) tags.set(reader.u16(at), reader.u16(inline ? at + valueAt : offset));
  }
  return tags;
}
