import type { RgbImage } from '../../trace/geometry';
import { ByteReader } from './byte-reader';

/** `irot` turns the decoded picture by quarter turns against the clock; `imir` mirrors it top to bottom or left to right. */
type Transform =
  | { readonly kind: 'irot'; readonly quarters: number }
  | { readonly kind: 'imir'; readonly leftRight: boolean };

/** A box of the file: where its content begins and ends. */
interface FileBox {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The same file under the brand of a still picture, so that libvips opens an animated one and shows its primary picture,
 * which is the first frame.
 */
export function asStillPicture(bytes: Uint8Array): Uint8Array {
  const still = bytes.slice();
  still.set(Buffer.from('avif'), 8);
  return still;
}

/**
 * The picture as it lies in the file: libvips' decoder turns and mirrors it as the file asks (`irot`, `imir`), Pillow
 * takes these for an orientation tag, which the reference loader then leaves alone.
 */
export function undoAvifTransforms(bytes: Uint8Array, image: RgbImage): RgbImage {
  return readTransforms(bytes).reduceRight(undo, image);
}

function undo(image: RgbImage, transform: Transform): RgbImage {
  const { width, height } = image;
  if (transform.kind === 'imir') {
    return transform.leftRight
      ? remap(image, width, height, (x, y) => [width - 1 - x, y])
      : remap(image, width, height, (x, y) => [x, height - 1 - y]);
  }
  switch (transform.quarters) {
    case 1:
      return remap(image, height, width, (x, y) => [y, height - 1 - x]);
    case 2:
      return remap(image, width, height, (x, y) => [width - 1 - x, height - 1 - y]);
    case 3:
      return remap(image, height, width, (x, y) => [width - 1 - y, x]);
    default:
      return image;
  }
}

/** An image of the given size whose pixel `(x, y)` is the source's pixel `from(x, y)`. */
function remap(
  source: RgbImage,
  width: number,
  height: number,
  from: (x: number, y: number) => readonly [x: number, y: number],
): RgbImage {
  const data = new Uint8Array(source.data.length);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [x, y] = from(pixel % width, Math.floor(pixel / width));
    const at = (y * source.width + x) * 3;
    data.set(source.data.subarray(at, at + 3), pixel * 3);
  }
  return { width, height, data };
}

/** The transforms of the file's primary picture in the order in which a viewer applies them. */
function readTransforms(bytes: Uint8Array): readonly Transform[] {
  const reader = new ByteReader(bytes, false);
  const meta = find(boxes(reader, 0, bytes.length), 'meta');
  const inMeta = meta ? boxes(reader, meta.start + 4, meta.end) : [];
  const primary = find(inMeta, 'pitm');
  const properties = find(inMeta, 'iprp');
  const inProperties = properties ? boxes(reader, properties.start, properties.end) : [];
  const container = find(inProperties, 'ipco');
  const associations = find(inProperties, 'ipma');
  if (!primary || !container || !associations) return [];
  const item = reader.u8(primary.start) === 0 ? reader.u16(primary.start + 4) : reader.u32(primary.start + 4);
  const all = boxes(reader, container.start, container.end);
  return propertiesOf(reader, associations.start, item).flatMap((number): Transform[] => {
    const property = all[number - 1];
    if (property?.type === 'irot') {
      return [{ kind: 'irot', quarters: reader.u8(property.start) & 3 }];
    }
    if (property?.type === 'imir') {
      return [{ kind: 'imir', leftRight: (reader.u8(property.start) & 1) === 1 }];
    }
    return [];
  });
}

/** The numbers (from 1) of the properties that an `ipma` box at `start` gives to `item`, in order. */
function propertiesOf(reader: ByteReader, start: number, item: number): number[] {
  const wideItems = reader.u8(start) >= 1;
  const wideNumbers = (reader.u8(start + 3) & 1) === 1;
  let at = start + 8;
  for (let entries = reader.u32(start + 4); entries > 0; entries--) {
    const id = wideItems ? reader.u32(at) : reader.u16(at);
    at += wideItems ? 4 : 2;
    const count = reader.u8(at++);
    const numbers = Array.from({ length: count }, (_, i) =>
      wideNumbers ? reader.u16(at + i * 2) & 0x7fff : reader.u8(at + i) & 0x7f,
    );
    if (id === item) return numbers;
    at += count * (wideNumbers ? 2 : 1);
  }
  return [];
}

function boxes(reader: ByteReader, from: number, to: number): FileBox[] {
  const found: FileBox[] = [];
  for (let at = from; at + 8 <= to; ) {
    const short = reader.u32(at);
    const type = Buffer.from(reader.slice(at + 4, 4)).toString('latin1');
    const size = short === 1 ? reader.u64(at + 8) : short === 0 ? to - at : short;
    if (size < 8) break;
    found.push({ type, start: at + (short === 1 ? 16 : 8), end: at + size });
    at += size;
  }
  return found;
}

const find = (all: readonly FileBox[], type: string): FileBox | undefined =>
  all.find((box) => box.type === type);
