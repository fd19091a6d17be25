import { extname } from 'node:path';
import { ImageError, type ResizeLimits } from '../../image/pixel-service';
import type { ImageRenderer, RenderedImage, RenderRequest } from '../../image/render';
import type { Canvas } from '../../trace/drawing';
import type { Size } from '../../trace/geometry';
import type { LineageImage } from '../../trace/lineage';
import type { InputImage, Trace } from '../../trace/trace';
import { CannotExport, type ImageCounts, type ImageMode } from './export-target';
import type { NewFolder } from './new-folder';
import { type LocateImage, type Picture, readPicture } from './picture';

/** What trainers' loaders read as well as ours. */
const PLAIN = new Set(['.png', '.jpg', '.jpeg', '.webp', '.bmp']);

/** What the processors of the architecture take, and the loop's own limit. */
const USUAL: ResizeLimits = { factor: 28, minPixels: 4 * 28 * 28, maxPixels: 448 * 28 * 28 };

export interface ImageOptions {
  readonly folder: NewFolder;
  readonly renderer: ImageRenderer;
  readonly locate: LocateImage;
  readonly mode: ImageMode;
  readonly signal: AbortSignal;
  /** The files of images that were drawn and are as they were, by their numbers: see `ownPictures`. */
  readonly own: ReadonlyMap<number, string>;
  /** Whether an input is what a trainer is given already, whatever its size. */
  readonly isReady: (input: InputImage) => boolean;
}

/** An image of a sample: its file in the new folder, and its size in model space. */
export interface Placed {
  readonly path: string;
  readonly size: Size;
}

/**
 * Puts all images of one trace into the new folder, as the model sees them. An input that has the size in which the model
 * sees it is copied byte for byte, any other is resized as the processor does. What was drawn is copied too where the source
 * has it as it was drawn, else drawn anew.
 */
export class SampleImages {
  readonly counts: ImageCounts = { copied: 0, linked: 0, resized: 0, drawn: 0 };
  private readonly placed: Placed[] = [];
  private readonly pictures: Picture[] = [];
  /** Files that are made, but not yet known to the folder. */
  private readonly made: string[] = [];

  constructor(
    /** Folder of this trace's images within the new folder. */
    private readonly dir: string,
    private readonly trace: Trace,
    private readonly lineage: readonly LineageImage[],
    private readonly options: ImageOptions,
  ) {}

  /** Paths and sizes of all images, in their order. Throws `CannotExport`, and `ImageError` if the pixels cannot be had. */
  async make(): Promise<readonly Placed[]> {
    await this.findOwn();
    for (const image of this.lineage) {
      const { number, base, canvas } = image;
      const own = this.pictures[number - 1];
      const input = this.trace.images[number - 1];
      if (base === null && input !== undefined) await this.placeInput(number, input);
      else if (base !== null && own !== undefined) await this.keep(number, own, this.placedAt(base).size);
      else if (base !== null && this.placed[number - 1] === undefined) await this.draw(number, base, canvas);
    }
    for (const path of this.made) await this.options.folder.adopt(path);
    return this.placed;
  }

  /** Reads the pictures of drawn images that the source has. One that cannot be had is drawn. */
  private async findOwn(): Promise<void> {
    for (const [number, path] of this.options.own) {
      try {
        this.pictures[number - 1] = await readPicture({ path }, this.options.locate);
      } catch (error) {
        if (!(error instanceof CannotExport)) throw error;
      }
    }
  }

  private async placeInput(number: number, input: InputImage): Promise<void> {
    const { locate } = this.options;
    const isReady = this.options.isReady(input);
    const picture = await readPicture(input, locate);
    this.pictures[number - 1] = picture;
    const isPlain = PLAIN.has(extensionOf(picture));
    const { model } = input;
    const isKnown = isReady || (isPlain && picture.proven && sameSize(input.file, model));
    if (isKnown && model !== null) return this.keep(number, picture, model);
    // Where something is drawn on it, its size comes to light on the way.
    const drawn = this.isDrawn
      ? this.lineage.find((image) => image.base === number && this.pictures[image.number - 1] === undefined)
      : undefined;
    const size = model ?? this.limits;
    const wanted = drawn ?? { number, canvas: null };
    const rendered = await this.render(wanted.number, { path: picture.file, size, canvas: wanted.canvas });
    if (drawn !== undefined) this.isPlaced(drawn.number, rendered.model);
    if (isReady || (isPlain && sameSize(rendered.file, rendered.model))) {
      if (drawn === undefined) await this.options.folder.remove(this.pathOf(number));
      return this.keep(number, picture, rendered.model);
    }
    if (drawn !== undefined) await this.render(number, { path: picture.file, size, canvas: null });
    this.counts.resized++;
    this.placed[number - 1] = { path: this.pathOf(number), size: rendered.model };
    this.made.push(this.pathOf(number));
  }

  /** How a picture is resized of which the trace does not say it: as its run did, else as is usual. */
  private get limits(): ResizeLimits {
    const { minPixels, maxPixels } = this.trace.run?.limits ?? USUAL;
    return { factor: USUAL.factor, minPixels, maxPixels };
  }

  /** The picture as it is. */
  private async keep(number: number, picture: Picture, size: Size): Promise<void> {
    const { folder, mode } = this.options;
    const path = this.pathOf(number, extensionOf(picture));
    this.placed[number - 1] = { path, size };
    if (mode === 'link') {
      this.counts.linked++;
      await folder.link(path, picture.file, picture.content);
    } else {
      this.counts.copied++;
      await folder.write(path, picture.content);
    }
  }

  private placedAt(number: number): Placed {
    const placed = this.placed[number - 1];
    if (placed === undefined) throw new Error(`image ${number} is drawn on, but not there`);
    return placed;
  }

  private async draw(number: number, base: number, canvas: Canvas): Promise<void> {
    const from = this.placedAt(base);
    if (!this.isDrawn) {
      this.placed[number - 1] = from;
      return;
    }
    const path = this.pictures[base - 1]?.file ?? (await this.options.folder.place(from.path));
    await this.render(number, { path, size: from.size, canvas });
    this.isPlaced(number, from.size);
  }

  private isPlaced(number: number, size: Size): void {
    this.counts.drawn++;
    this.placed[number - 1] = { path: this.pathOf(number), size };
    this.made.push(this.pathOf(number));
  }

  /** A run without drawing showed the model each base image as it was. */
  private get isDrawn(): boolean {
    return this.trace.run?.drawing !== false;
  }

  private async render(number: number, what: Omit<RenderRequest, 'out'>): Promise<RenderedImage> {
    const { folder, renderer, signal } = this.options;
    const out = await folder.place(this.pathOf(number));
    try {
      return await renderer.render({ ...what, out }, signal);
    } catch (error) {
      // A cause tells that the pixels could not be had at all. What cannot be written is no fault of the picture either.
      const isOurs = error instanceof ImageError && error.message.includes(`Cannot write ${out}`);
      if (!(error instanceof ImageError) || error.cause !== undefined || isOurs) throw error;
      throw new CannotExport(error.message, true);
    }
  }

  private pathOf(number: number, extension = '.png'): string {
    return `${this.dir}/image_${number}${extension}`;
  }
}

const extensionOf = ({ file }: Picture): string => extname(file).toLowerCase();

const sameSize = (a: Size | null, b: Size | null): boolean =>
  a !== null && b !== null && a.width === b.width && a.height === b.height;
