import type { Canvas } from '../trace/drawing';
import type { RgbImage, Size } from '../trace/geometry';

/** How far an image may be resized: the processor's rule (`smart_resize`), all in pixels. */
export interface ResizeLimits {
  readonly factor: number;
  readonly minPixels: number;
  readonly maxPixels: number;
}

export interface LoadedImage {
  /** Size of the picture on disk (file space). Orientation tags are not applied, but for TIFF, as in the reference. */
  readonly file: Size;
  /** SHA-256 of the file's bytes, hexadecimal: tells the picture again where it was moved to. */
  readonly sha256: string;
  /** The picture as the model sees it (model space). */
  readonly image: RgbImage;
}

/** Everything that touches native image code, behind one door so that it can live in a child process. */
export interface PixelService {
  /** Decodes a file and resizes it as the model's processor does. Throws `ImageError` that names the file and why. */
  load(path: string, limits: ResizeLimits): Promise<LoadedImage>;
  /** A copy of `image` with every drawing of `canvas` on it, as upstream paints them. */
  paint(image: RgbImage, canvas: Canvas): Promise<RgbImage>;
  /** Writes a PNG atomically. */
  savePng(image: RgbImage, path: string): Promise<void>;
  close(): Promise<void>;
}

/** Makes PNG files that never touch the disk, for an engine that sends its images elsewhere. */
export interface PngEncoder {
  /** The bytes of a PNG of this image, in the same size and without loss. */
  encodePng(image: RgbImage): Promise<Uint8Array>;
}

/** An image that cannot be read or written. `message` names the file, what is wrong and what to do. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}
