import type { Canvas } from '../trace/drawing';
import type { Size } from '../trace/geometry';
import { aboutFile, decodeFile } from './load';
import { paint } from './paint';
import { ImageError, type ResizeLimits } from './pixel-service';
import { resizeBicubic } from './resize';
import { savePng } from './save-png';
import { smartResize } from './smart-resize';

/** One image of a trace, to be written as PNG. */
export interface RenderRequest {
  /** The picture to start from: an input's file, or the PNG of the image that this one was drawn on. */
  readonly path: string;
  /** Its size in model space where that is known, else the rule that gives it. */
  readonly size: Size | ResizeLimits;
  /** What is painted on it, if anything. */
  readonly canvas: Canvas | null;
  /** Where the PNG goes. */
  readonly out: string;
}

export interface RenderedImage {
  /** Size of the picture that was started from. */
  readonly file: Size;
  /** Size of the PNG (model space). */
  readonly model: Size;
}

/** Makes images of traces in one go, so that their pixels need not travel. */
export interface ImageRenderer {
  /** Writes the PNG atomically. Throws `ImageError` that names the file and what is wrong. */
  render(request: RenderRequest, signal?: AbortSignal): Promise<RenderedImage>;
}

/** No processor of the architecture takes more; a trace file may claim anything. */
const MAX_MODEL_PIXELS = 16_384 * 28 * 28;

/** See `ImageRenderer`. */
export async function renderImage({ path, size, canvas, out }: RenderRequest): Promise<RenderedImage> {
  const decoded = await decodeFile(path);
  const model = await aboutFile(path, () => modelSize(decoded, size));
  const image = resizeBicubic(decoded, model);
  await savePng(canvas === null ? image : paint(image, canvas), out);
  return { file: { width: decoded.width, height: decoded.height }, model };
}

function modelSize(file: Size, wanted: Size | ResizeLimits): Size {
  if ('factor' in wanted) {
    return smartResize(file, { ...wanted, maxPixels: Math.min(wanted.maxPixels, MAX_MODEL_PIXELS) });
  }
  const { width, height } = wanted;
  if (width * height <= MAX_MODEL_PIXELS) return { width, height };
  throw new ImageError(
    `the trace says that the model saw it in ${width} x ${height} pixels, more than the limit of ${MAX_MODEL_PIXELS}`,
  );
}
