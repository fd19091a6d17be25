import sharp, { type Metadata, type Sharp } from 'sharp';
import type { RgbImage } from '../../trace/geometry';
import type { RawPixels } from './to-rgb';

// Every picture is decoded once: a cache of operations would only keep its pixels in memory.
sharp.cache(false);

/** What sharp reads from the header; no pixels yet. */
export function readMetadata(bytes: Uint8Array): Promise<Metadata> {
  return sharp(bytes, { limitInputPixels: false }).metadata();
}

/**
 * The first frame or page as 8-bit pixels in three or four channels. Colour profiles are ignored, as Pillow ignores them
 * when it converts. `upright` applies the orientation tag. Damage that Pillow refuses is refused.
 */
export async function decodeRgb(bytes: Uint8Array, upright: boolean): Promise<RawPixels> {
  const image = open(bytes);
  return toRaw(upright ? image.autoOrient() : image);
}

/** The four inks of a CMYK picture as 8-bit pixels, where 255 is full ink. */
export async function decodeCmyk(bytes: Uint8Array): Promise<RawPixels> {
  return toRaw(open(bytes).pipelineColourspace('cmyk').toColourspace('cmyk'));
}

/** A 16-bit grey picture with its 16 bits. */
export async function decodeGrey16(bytes: Uint8Array): Promise<RawPixels<Uint16Array>> {
  const { data, info } = await open(bytes)
    .toColourspace('grey16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const aligned = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  return { width, height, channels, data: new Uint16Array(aligned) };
}

/** The bytes of a PNG file of this image. */
export function encodePng({ width, height, data }: RgbImage): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

const open = (bytes: Uint8Array): Sharp =>
  sharp(bytes, { failOn: 'error', ignoreIcc: true, limitInputPixels: false });

async function toRaw(image: Sharp): Promise<RawPixels> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels, data };
}
