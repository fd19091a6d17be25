import type { RgbImage } from '../../../trace/geometry';
import { EngineError } from '../../engine';
import { NotSentError } from '../engine-contract';

/** Kept for images that may come back: 256 MB are the features of some forty images of a 7B. */
const budget = 256 * 2 ** 20;

type Entry = { readonly image: RgbImage } | { readonly features: Float32Array };

/** Images by the hash of their content: pixels until they are encoded, then features; the longest unused are dropped. */
export class ImageStore {
  /** Least recently used first. */
  private readonly entries = new Map<string, Entry>();
  /** How many requests need an image. */
  private readonly needed = new Map<string, number>();

  constructor(private readonly encode: (image: RgbImage) => Promise<Float32Array>) {}

  has(hash: string): boolean {
    return this.entries.has(hash);
  }

  /** Whether its features are here, so that the vision tower need not run. */
  isEncoded(hash: string): boolean {
    const entry = this.entries.get(hash);
    return entry !== undefined && 'features' in entry;
  }

  add(hash: string, image: RgbImage): void {
    if (!this.has(hash)) this.entries.set(hash, { image });
  }

  /** The features `[tokens, hidden]` of an image that was added. */
  async get(hash: string): Promise<Float32Array> {
    const entry = this.entries.get(hash);
    if (!entry) throw new EngineError('bad-request', `The image ${hash} was never sent.`);
    const features = 'features' in entry ? entry.features : await this.encode(entry.image);
    this.entries.delete(hash);
    this.entries.set(hash, { features });
    return features;
  }

  /**
   * Keeps images for a request until it calls what this gives, which drops what exceeds the budget and nobody needs. Throws
   * `NotSentError` if one is not here.
   */
  keep(hashes: readonly string[]): () => void {
    if (!hashes.every((hash) => this.has(hash))) throw new NotSentError('an image is not here');
    for (const hash of hashes) this.needed.set(hash, (this.needed.get(hash) ?? 0) + 1);
    return () => {
      for (const hash of hashes) {
        const others = (this.needed.get(hash) ?? 0) - 1;
        if (others > 0) this.needed.set(hash, others);
        else this.needed.delete(hash);
      }
      this.trim();
    };
  }

  private trim(): void {
    let bytes = 0;
    for (const entry of this.entries.values()) bytes += size(entry);
    for (const [hash, entry] of this.entries) {
      if (bytes <= budget) return;
      if (this.needed.has(hash)) continue;
      this.entries.delete(hash);
      bytes -= size(entry);
    }
  }
}

const size = (entry: Entry) =>
  'features' in entry ? entry.features.byteLength : entry.image.data.byteLength;
