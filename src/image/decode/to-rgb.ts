import type { RgbImage, Size } from '../../trace/geometry';
import { blend, dividedBy255 } from '../blend';

/** Decoded pixels with `channels` numbers each, rows from the top. */
export interface RawPixels<Data extends Uint8Array | Uint16Array = Uint8Array> extends Size {
  readonly channels: number;
  readonly data: Data;
}

/** What becomes of a fourth channel: thrown away, or blended over white by its opacity. */
export type AlphaRule = 'drop' | 'over-white';

/** RGB of RGB or RGBA pixels (more channels are thrown away). Blending rounds as Pillow's `paste` with a mask does. */
export function fromRgb({ width, height, channels, data }: RawPixels, alpha: AlphaRule): RgbImage {
  if (channels === 3) return { width, height, data };
  const overWhite = alpha === 'over-white' && channels > 3;
  return mapPixels(width, height, (at, channel) => {
    const from = at * channels;
    const value = data[from + channel] ?? 0;
    return overWhite ? blend(255, value, data[from + 3] ?? 0) : value;
  });
}

/** RGB of CMYK, where 255 is full ink, without a colour profile: ink and black are taken off white, as Pillow does. */
export function fromCmyk({ width, height, channels, data }: RawPixels): RgbImage {
  return mapPixels(width, height, (at, channel) => {
    const light = 255 - (data[at * channels + 3] ?? 0);
    return Math.max(0, light - dividedBy255((data[at * channels + channel] ?? 0) * light));
  });
}

/** RGB of 16-bit grey: Pillow does not scale it but cuts it off at 255, which leaves most such pictures white. */
export function fromGrey16({ width, height, channels, data }: RawPixels<Uint16Array>): RgbImage {
  return mapPixels(width, height, (at) => Math.min(data[at * channels] ?? 0, 255));
}

function mapPixels(
  width: number,
  height: number,
  valueAt: (pixel: number, channel: number) => number,
): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0, to = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) data[to++] = valueAt(pixel, channel);
  }
  return { width, height, data };
}
