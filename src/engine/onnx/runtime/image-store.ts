import type { RgbImage } from '../../../trace/geometry';
import { EngineError } from '../../engine';

/** Features kept for images that may come back: 256 MB are some forty images of a 7B. */
const budget = 256 * 2 ** 20;

/** Images by the hash of their content: pixels until they are encoded, then the features, least recently used dropped. */
export class ImageStore {
  private readonly pixels = new Map<string, RgbImage>();
  private readonly features = new Map<string, Float32Array>();
  private bytes = 0;

  constructor(private readonly encode: (image: RgbImage) => Promise<Float32Array>) {}

  has(hash: string): boolean {
    return this.features.has(hash) || this.pixels.has(hash);
  }

  add(hash: string, image: RgbImage): void {
    if (!this.has(hash)) this.pixels.set(hash, image);
  }

  /** The features `[tokens, hidden]` of an image that was added. */
  async get(hash: string): Promise<Float32Array> {
    const known = this.features.get(hash);
    if (known) {
      this.features.delete(hash);
      this.features.set(hash, known);
      return known;
    }
    const image = this.pixels.get(hash);
    if (!image) throw new EngineError('bad-request', `The image ${hash} was never sent.`);
    const encoded = await this.encode(image);
    this.pixels.delete(hash);
    this.features.set(hash, encoded);
    this.bytes += encoded.byteLength;
    return encoded;
  }

  /** Drops what exceeds the budget. Not done while a request runs, so that none of its images goes missing. */
  trim(): void {
    for (const [hash, features] of this.features) {
      if (this.bytes <= budget) return;
      this.features.delete(hash);
      this.bytes -= features.byteLength;
    }
  }
}
