import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RgbImage } from '../../trace/geometry';
import { EngineError } from '../engine';

/** Bytes that are turned into base64 before other work of this process gets its turn; whole groups of three. */
const SLICE = 3 * 2 ** 20;

/**
 * Images as data URLs of PNG files, in bytes. One that was made is kept as long as its pixels are, since each turn of a
 * conversation sends all its images again; so pixels must not change.
 */
export class ImageUrls {
  private readonly known = new WeakMap<Uint8Array, Promise<Uint8Array>>();

  /** @param encodePng the PNG file of an image, without loss. */
  constructor(private readonly encodePng: (image: RgbImage) => Promise<Uint8Array>) {}

  /** Throws `EngineError` `crashed` if the image cannot be encoded. */
  of(image: RgbImage): Promise<Uint8Array> {
    const before = this.known.get(image.data);
    if (before) return before;
    const url = this.make(image).catch((error: unknown) => {
      this.known.delete(image.data);
      throw new EngineError('crashed', error instanceof Error ? error.message : String(error));
    });
    this.known.set(image.data, url);
    return url;
  }

  private async make(image: RgbImage): Promise<Uint8Array> {
    const { buffer, byteOffset, byteLength } = await this.encodePng(image);
    const pieces = [Buffer.from('data:image/png;base64,')];
    for (let from = 0; from < byteLength; from += SLICE) {
      if (from > 0) await nextTurn();
      const slice = Buffer.from(buffer, byteOffset + from, Math.min(SLICE, byteLength - from));
      pieces.push(Buffer.from(slice.toString('base64'), 'latin1'));
    }
    return Buffer.concat(pieces);
  }
}
