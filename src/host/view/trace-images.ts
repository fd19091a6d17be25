import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResizeLimits } from '../../image/pixel-service';
import type { ImageRenderer } from '../../image/render';
import type { Size } from '../../trace/geometry';
import type { LineageImage } from '../../trace/lineage';
import type { Trace } from '../../trace/trace';
import type { ImagePixels } from '../../view/trace-view';

/** A trace whose images can be made. */
export interface Subject {
  readonly trace: Trace;
  readonly lineage: readonly LineageImage[];
  /** How an input is resized of which the trace does not say it. */
  readonly limits: ResizeLimits;
  /** The file of an input by the path that the trace has; throws an error for people if it may not be read. */
  locate(path: string): Promise<string>;
}

/** An image as a file that a view may load. */
export interface MadeImage {
  /** Path of the PNG. */
  readonly path: string;
  /** Its size (model space). */
  readonly model: Size;
  /** Size on disk of the input it comes from (file space). */
  readonly file: Size;
}

interface Cached {
  readonly image: Promise<MadeImage>;
  bytes: number;
}

/** An image that the trace does not have. */
export class NoSuchImage extends Error {
  override readonly name = 'NoSuchImage';
}

/**
 * Makes images of traces as PNG files in a folder of this session's own, and keeps those used last up to a limit. Pixels
 * are derived: what is gone is made again, the same.
 */
export class TraceImages {
  private readonly cache = new Map<string, Cached>();

  constructor(
    private readonly renderer: ImageRenderer,
    /** Absolute path; made when it is needed. */
    readonly folder: string,
    /** Most bytes of all files together. */
    private readonly mostBytes = 256 << 20,
  ) {}

  /**
   * Image `number` of a trace (from 1): what the model saw, or the undrawn input at the bottom of its lineage.
   *
   * @throws NoSuchImage, ImageError, and what `subject.locate` throws.
   */
  async get(subject: Subject, number: number, pixels: ImagePixels): Promise<MadeImage> {
    const image = subject.lineage[number - 1];
    if (image === undefined) throw new NoSuchImage(`There is no image ${number}.`);
    return (await this.make(subject, pixels === 'seen' ? number : image.root)).image;
  }

  /** Takes all files away. */
  async clear(): Promise<void> {
    this.cache.clear();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The image and a key that says how it came to be. */
  private async make(subject: Subject, number: number): Promise<{ key: string; image: MadeImage }> {
    const { trace, lineage } = subject;
    const image = lineage[number - 1];
    if (image === undefined) throw new NoSuchImage(`There is no image ${number}.`);
    if (image.base === null) return this.makeInput(subject, number);
    const base = await this.make(subject, image.base);
    // A run without drawing shows the model each base image as it was.
    if (trace.run?.drawing === false) return base;
    const { model, file } = base.image;
    const key = hash([base.key, image.canvas]);
    const made = await this.cached(key, async (out) => {
      await this.renderer.render({ path: base.image.path, size: model, canvas: image.canvas, out });
      return { path: out, model, file };
    });
    return { key, image: made };
  }

  private async makeInput(
    { trace, limits, locate }: Subject,
    number: number,
  ): Promise<{ key: string; image: MadeImage }> {
    const input = trace.images[number - 1];
    if (input === undefined) throw new NoSuchImage(`There is no image ${number}.`);
    const path = await locate(input.path);
    const info = await stat(path).catch(() => null);
    const size = input.model ?? limits;
    const key = hash([path, info?.size, info?.mtimeMs, size]);
    const image = await this.cached(key, async (out) => {
      const { file, model } = await this.renderer.render({ path, size, canvas: null, out });
      return { path: out, model, file };
    });
    return { key, image };
  }

  private async cached(key: string, make: (out: string) => Promise<MadeImage>): Promise<MadeImage> {
    const known = this.cache.get(key);
    if (known !== undefined) {
      // To the end of the line: what was used last goes last.
      this.cache.delete(key);
      this.cache.set(key, known);
      return known.image;
    }
    const path = join(this.folder, `${key}.png`);
    const entry: Cached = {
      bytes: 0,
      image: mkdir(this.folder, { recursive: true }).then(() => make(path)),
    };
    this.cache.set(key, entry);
    try {
      const image = await entry.image;
      entry.bytes = (await stat(path)).size;
      await this.evict(key);
      return image;
    } catch (error) {
      this.cache.delete(key);
      throw error;
    }
  }

  private async evict(newest: string): Promise<void> {
    let total = [...this.cache.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [key, { bytes }] of this.cache) {
      if (total <= this.mostBytes) return;
      if (key === newest || bytes === 0) continue;
      this.cache.delete(key);
      total -= bytes;
      await rm(join(this.folder, `${key}.png`), { force: true });
    }
  }
}

const hash = (what: unknown): string =>
  createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 40);
