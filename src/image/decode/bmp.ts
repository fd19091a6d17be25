import type { RgbImage, Size } from '../../trace/geometry';
import { ImageError } from '../pixel-service';
import { expandRunLengths } from './bmp-rle';
import { ByteReader } from './byte-reader';
import { fromRgb } from './to-rgb';

/** The header of a BMP file, checked, with the file it stands in. */
export interface Bmp extends Size {
  readonly reader: ByteReader;
  readonly bits: 1 | 4 | 8 | 16 | 24 | 32;
  readonly coding: 'plain' | 'rle4' | 'rle8';
  /** Rows mostly lie from the bottom up. */
  readonly topDown: boolean;
  /** Where the pixels begin. */
  readonly pixels: number;
  /** Blue, green, red (and nothing, where an entry has four bytes) of each colour. */
  readonly palette: { readonly data: Uint8Array; readonly entrySize: 3 | 4 };
  /** Which bits of a pixel are red, green, blue and opacity (0: none). */
  readonly masks: Masks;
}

type Masks = readonly [red: number, green: number, blue: number, alpha: number];

const RGB555: Masks = [0x7c00, 0x3e0, 0x1f, 0];
const RGB565: Masks = [0xf800, 0x7e0, 0x1f, 0];
const BGRX: Masks = [0xff0000, 0xff00, 0xff, 0];
const BGRA: Masks = [0xff0000, 0xff00, 0xff, 0xff000000];

/**
 * Reads the header as Pillow does: OS/2 and Windows headers, 1 to 32 bits, plain, run lengths or bit fields.
 *
 * @throws ImageError for what Pillow refuses too, and for bit fields that are not whole bytes.
 */
export function readBmp(bytes: Uint8Array): Bmp {
  const reader = new ByteReader(bytes, true);
  const headerSize = reader.u32(14);
  if (![12, 40, 52, 56, 64, 108, 124].includes(headerSize)) {
    throw new ImageError(`it has a BMP header of unknown length ${headerSize}; save it as PNG`);
  }
  const old = headerSize === 12;
  const topDown = !old && reader.u8(25) === 0xff;
  const width = old ? reader.u16(18) : reader.u32(18);
  const height = old ? reader.u16(20) : topDown ? 2 ** 32 - reader.u32(22) : reader.u32(22);
  const bits = checkBits(reader.u16(old ? 24 : 28));
  const compression = old ? 0 : reader.u32(30);
  const colours = (old ? 0 : reader.u32(46)) || (bits <= 8 ? 2 ** bits : 0);
  const entrySize = old ? 3 : 4;
  if (bits <= 8 && colours > 65536) throw new ImageError(`its palette claims ${colours} colours`);

  const masks = compression === 3 ? readMasks(reader, headerSize, bits) : bits === 16 ? RGB555 : BGRX;
  const afterHeader = 14 + headerSize + (compression === 3 && headerSize === 40 ? 12 : 0);
  const paletteSize = bits <= 8 ? colours * entrySize : 0;
  const palette = { data: reader.slice(afterHeader, paletteSize), entrySize } as const;
  const offset = reader.u32(10);
  const misplaced = offset === 0 || (bits <= 8 && offset === 14 + headerSize);
  const pixels = misplaced ? afterHeader + paletteSize : offset;
  const coding = checkCoding(compression, bits);
  return { reader, width, height, bits, coding, topDown, pixels, palette, masks };
}

/** The pixels as RGB, as Pillow and then the reference loader have them: opacity, where bit fields give it, over white. */
export function decodeBmp(bmp: Bmp): RgbImage {
  const { width, height, masks, reader, bits } = bmp;
  const stride = ((width * bits + 31) >> 3) & ~3;
  const rows =
    bmp.coding === 'plain'
      ? reader.slice(bmp.pixels, stride * height)
      : expandRunLengths(reader.bytes, bmp.pixels, bmp);
  const rowSize = bmp.coding === 'plain' ? stride : width;
  const data = new Uint8Array(width * height * 4);
  const readPixel = bits <= 8 ? paletteReader(bmp, rows) : maskReader(masks, bits / 8, rows);
  for (let y = 0, to = 0; y < height; y++) {
    const row = (bmp.topDown ? y : height - 1 - y) * rowSize;
    for (let x = 0; x < width; x++, to += 4) readPixel(row, x, data, to);
  }
  return fromRgb({ width, height, channels: 4, data }, masks[3] === 0 ? 'drop' : 'over-white');
}

/** Writes pixel `x` of the row that begins at `row` as red, green, blue and opacity to `data[to…]`. */
type PixelReader = (row: number, x: number, data: Uint8Array, to: number) => void;

function paletteReader({ palette, bits, coding }: Bmp, rows: Uint8Array): PixelReader {
  const depth = coding === 'plain' ? bits : 8;
  const mask = 2 ** depth - 1;
  return (row, x, data, to) => {
    const shift = 8 - depth - ((x * depth) & 7);
    const number = ((rows[row + ((x * depth) >> 3)] ?? 0) >> shift) & mask;
    for (let channel = 0; channel < 3; channel++) {
      data[to + channel] = palette.data[number * palette.entrySize + 2 - channel] ?? 0;
    }
  };
}

function maskReader(masks: Masks, size: number, rows: Uint8Array): PixelReader {
  const fields = masks.map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    return { shift, largest: mask >>> shift };
  });
  return (row, x, data, to) => {
    let pixel = 0;
    for (let byte = size - 1; byte >= 0; byte--) pixel = pixel * 256 + (rows[row + x * size + byte] ?? 0);
    fields.forEach(({ shift, largest }, channel) => {
      data[to + channel] = largest === 0 ? 0 : Math.trunc((((pixel >>> shift) & largest) * 255) / largest);
    });
  };
}

function checkBits(bits: number): Bmp['bits'] {
  if (bits === 1 || bits === 4 || bits === 8 || bits === 16 || bits === 24 || bits === 32) return bits;
  throw new ImageError(`it has ${bits} bits a pixel, which BMP files here may not have; save it as PNG`);
}

function checkCoding(compression: number, bits: number): Bmp['coding'] {
  if (compression === 0 || compression === 3) return 'plain';
  if (compression === 1 && bits === 8) return 'rle8';
  if (compression === 2 && bits === 4) return 'rle4';
  throw new ImageError(`its BMP compression ${compression} is not read; save it as PNG`);
}

function readMasks(reader: ByteReader, headerSize: number, bits: number): Masks {
  const alpha = headerSize >= 56 ? reader.u32(66) : 0;
  const masks: Masks = [reader.u32(54), reader.u32(58), reader.u32(62), alpha];
  if (bits === 16) {
    const known = [RGB565, RGB555].find((layout) => layout.slice(0, 3).every((mask, i) => mask === masks[i]));
    if (known) return known;
  }
  if (bits === 24 && masks.slice(0, 3).every((mask, i) => mask === BGRX[i])) return BGRX;
  if (bits === 32) {
    if (masks.every((mask) => mask === 0)) return BGRA;
    const bytes = [0xff, 0xff00, 0xff0000, 0xff000000];
    const colours = masks.slice(0, 3);
    if (colours.every((mask) => bytes.includes(mask)) && [0, ...bytes].includes(alpha)) return masks;
  }
  throw new ImageError('its BMP bit fields have a layout that is not read; save it as PNG');
}
