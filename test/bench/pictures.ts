import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { Size } from '../../src/trace/geometry';

/** Different pictures; generated traces use them in turn. */
export const PICTURES = 60;
/** All of them, as they lie on disk and as the model sees them. */
export const SIZE: Size = { width: 23 * 28, height: 17 * 28 };

/** Where picture `i` is, or the copy of it number `copy`, as upstream's data sets name the images of a row. */
export const pictureOf = (i: number, copy = 0): string => `pictures/${i}/images/image_${copy}.png`;

/** Writes all pictures, `copies` of each, under `folder`. */
export async function writePictures(folder: string, copies: number): Promise<void> {
  for (let i = 0; i < PICTURES; i++) {
    const first = join(folder, pictureOf(i));
    mkdirSync(dirname(first), { recursive: true });
    await sharp(pixels(i), { raw: { ...SIZE, channels: 3 } })
      .png()
      .toFile(first);
    const content = readFileSync(first);
    for (let copy = 1; copy < copies; copy++) writeFileSync(join(folder, pictureOf(i, copy)), content);
  }
}

/** A picture with areas and noise, so that PNG has something to do, as of a photograph or a rendered room. */
function pixels(seed: number): Uint8Array {
  const { width, height } = SIZE;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const area = ((x >> 5) * 31 + (y >> 5) * 17 + seed * 13) & 127;
      const noise = ((x * 7919 + y * 104_729 + seed) >> 3) & 7;
      for (let c = 0; c < 3; c++) data[at++] = 64 + area + noise * c;
    }
  }
  return data;
}
