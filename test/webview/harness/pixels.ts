import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { paint } from '../../../src/image/paint';
import type { RgbImage } from '../../../src/trace/geometry';
import type { LineageImage } from '../../../src/trace/lineage';

/** An image and those it was drawn on, the input left out, the oldest first. */
export function lineOf(images: readonly LineageImage[], number: number): LineageImage[] {
  const image = images[number - 1];
  return image && image.base !== null ? [...lineOf(images, image.base), image] : [];
}

/** A picture file with all that was painted on it, image by image. */
export async function pixelsOf(path: string, painted: readonly LineageImage[]): Promise<RgbImage> {
  const { data, info } = await sharp(await readFile(path))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const picture = { width: info.width, height: info.height, data: new Uint8Array(data) };
  return painted.reduce((seen: RgbImage, { canvas }) => paint(seen, canvas), picture);
}
