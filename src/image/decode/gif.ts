import type { RgbImage } from '../../trace/geometry';
import { ByteReader } from './byte-reader';
import type { RawPixels } from './to-rgb';

/** What the header of a GIF says of its first frame. */
interface FirstFrame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Red, green and blue of each colour in turn; without a palette, Pillow takes the numbers for grey levels. */
  readonly palette: Uint8Array | undefined;
  readonly transparent: number | undefined;
}

/**
 * The first frame of a GIF as RGB. Pillow keeps it as palette numbers and then forgets the transparency: a transparent
 * pixel shows the colour that its number has in the palette, and so does what the frame leaves uncovered (number 0 where
 * no transparent number is given). libvips' decoder knows such pixels only as transparent ones, without a colour.
 */
export function fromGif(bytes: Uint8Array, { width, height, channels, data }: RawPixels): RgbImage {
  const frame = readFirstFrame(new ByteReader(bytes, true));
  const filler = colourOf(frame, frame.transparent ?? 0);
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const covered = x >= frame.left && x < frame.right && y >= frame.top && y < frame.bottom;
    const opaque = channels < 4 || data[pixel * channels + 3] !== 0;
    if (covered && opaque) rgb.set(data.subarray(pixel * channels, pixel * channels + 3), pixel * 3);
    else rgb.set(filler, pixel * 3);
  }
  return { width, height, data: rgb };
}

function colourOf({ palette }: FirstFrame, number: number): Uint8Array {
  return palette ? palette.slice(number * 3, number * 3 + 3) : new Uint8Array(3).fill(number);
}

function readFirstFrame(reader: ByteReader): FirstFrame {
  const global = readPalette(reader, 13, reader.u8(10));
  let at = 13 + (global?.length ?? 0);
  let transparent: number | undefined;
  // Extensions stand before the frame: 0x21, a kind, and blocks that each begin with their length, to one of length 0.
  while (reader.u8(at) === 0x21) {
    if (reader.u8(at + 1) === 0xf9 && (reader.u8(at + 3) & 1) === 1) transparent = reader.u8(at + 6);
    at += 2;
    while (reader.u8(at) !== 0) at += 1 + reader.u8(at);
    at += 1;
  }
  const [left, top] = [reader.u16(at + 1), reader.u16(at + 3)];
  const [right, bottom] = [left + reader.u16(at + 5), top + reader.u16(at + 7)];
  const palette = readPalette(reader, at + 10, reader.u8(at + 9)) ?? global;
  return { left, top, right, bottom, palette, transparent };
}

/** The palette at `at`, if these flags announce one. */
function readPalette(reader: ByteReader, at: number, flags: number): Uint8Array | undefined {
  return flags & 0x80 ? reader.slice(at, 3 << ((flags & 7) + 1)) : undefined;
}
