import type { RgbImage, Size } from '../../trace/geometry';
import { ImageError } from '../pixel-service';
import { asStillPicture, undoAvifTransforms } from './avif';
import { decodeBmp, readBmp } from './bmp';
import { fromGif } from './gif';
import { decodeCmyk, decodeGrey16, decodeRgb, readMetadata } from './native';
import { type PictureFormat, sniffFormat } from './sniff';
import { tiffAlphaRule } from './tiff';
import { type AlphaRule, fromCmyk, fromGrey16, fromRgb } from './to-rgb';

/** Pillow's limit too: it refuses larger pictures as decompression bombs. 178,956,970 pixels take 537 MB as RGB. */
const MAX_PIXELS = 178_956_970;

/**
 * The pixels of a picture file as the reference loader has them before it resizes: `Image.open` and `to_rgb` of
 * qwen-vl-utils on Pillow 13. That is, in words:
 *
 * - orientation tags are ignored, but for TIFF, which Pillow turns upright itself;
 * - colour profiles are ignored; CMYK becomes RGB by plain arithmetic;
 * - true RGBA is blended over white; the transparency of grey, of palettes and of a single transparent colour is dropped,
 *   and those pixels show the colour that lies below;
 * - 16 bits lose their low byte, but grey of 16 bits is cut off at 255 instead;
 * - of animated pictures the first frame, of many pages the first.
 *
 * Lossless formats give identical pixels, and so do JPEG and WebP. AVIF differs by a level or two, and more at edges
 * between colours where they are stored at half resolution: its decoder (libheif) spreads them in another way.
 *
 * @throws ImageError whose message continues a sentence about the file ("it is …").
 */
export async function decodeImage(bytes: Uint8Array): Promise<RgbImage> {
  if (bytes.length === 0) throw new ImageError('it is empty');
  const format = sniffFormat(bytes);
  if (!format) {
    throw new ImageError(
      'it is not a picture of a format that is read: PNG, JPEG, WebP, GIF, TIFF, AVIF or BMP',
    );
  }
  if (format === 'heic') {
    throw new ImageError('it is a HEIC picture, which is not read; convert it to PNG or JPEG first');
  }
  if (format === 'bmp') {
    const bmp = readBmp(bytes);
    checkPixels(bmp);
    return decodeBmp(bmp);
  }
  try {
    return await decodeNatively(format === 'avif' ? asStillPicture(bytes) : bytes, format);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw new ImageError(`it is a damaged ${format.toUpperCase()} file, or cut short (${firstLine(error)})`);
  }
}

async function decodeNatively(bytes: Uint8Array, format: Exclude<PictureFormat, 'bmp'>): Promise<RgbImage> {
  const header = await readMetadata(bytes);
  checkPixels(header);
  if (header.space === 'cmyk') return fromCmyk(await decodeCmyk(bytes));
  if (header.space === 'grey16' && !header.hasAlpha) return fromGrey16(await decodeGrey16(bytes));

  const tiffAlpha = format === 'tiff' ? tiffAlphaRule(bytes) : 'drop';
  const raw = await decodeRgb(bytes, format === 'tiff');
  switch (format) {
    case 'gif':
      return fromGif(bytes, raw);
    case 'avif':
      return undoAvifTransforms(bytes, fromRgb(raw, 'over-white'));
    case 'png':
      return fromRgb(raw, pngAlphaRule(bytes, header.depth === 'ushort'));
    case 'tiff':
      return fromRgb(raw, header.channels === 2 ? 'drop' : tiffAlpha);
    case 'jpeg':
    case 'webp':
      return fromRgb(raw, 'over-white');
  }
}

/** PNG with true RGBA (colour type 6), and grey with opacity (4) only where 16 bits make Pillow read it as RGBA. */
function pngAlphaRule(bytes: Uint8Array, sixteenBits: boolean): AlphaRule {
  const colourType = bytes[25];
  return colourType === 6 || (colourType === 4 && sixteenBits) ? 'over-white' : 'drop';
}

function checkPixels({ width, height }: Size): void {
  if (width === 0 || height === 0) throw new ImageError(`it says it has ${width} x ${height} pixels`);
  if (width * height > MAX_PIXELS) {
    throw new ImageError(
      `it says it has ${width} x ${height} pixels, more than the limit of ${MAX_PIXELS}; shrink it first`,
    );
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0] ?? '';
}
