import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { RgbImage } from '../trace/geometry';
import { decodeImage } from './decode/decode';
import { ImageError, type LoadedImage, type ResizeLimits } from './pixel-service';
import { resizeBicubic } from './resize';
import { smartResize } from './smart-resize';

/** No picture within the pixel limit needs more, and a larger file would not fit in memory beside its pixels. */
const MAX_BYTES = 1 << 30;

/**
 * Reads a picture file and resizes it for the model, as the reference loader does (see `decodeImage`, `smartResize` and
 * `resizeBicubic`).
 *
 * @throws ImageError that names the file and what is wrong with it.
 */
export async function loadImage(path: string, limits: ResizeLimits): Promise<LoadedImage> {
  const bytes = await readPicture(path);
  const decoded = await aboutFile(path, () => decodeImage(bytes));
  const size = await aboutFile(path, () => smartResize(decoded, limits));
  return {
    file: { width: decoded.width, height: decoded.height },
    sha256: createHash('sha256').update(bytes).digest('hex'),
    image: resizeBicubic(decoded, size),
  };
}

/**
 * The pixels of a picture file as it lies on disk (file space).
 *
 * @throws ImageError that names the file and what is wrong with it.
 */
export async function decodeFile(path: string): Promise<RgbImage> {
  const bytes = await readPicture(path);
  return aboutFile(path, () => decodeImage(bytes));
}

/** Does `work`, whose `ImageError` continues a sentence about the file, and makes that a sentence. */
export async function aboutFile<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ImageError) throw new ImageError(`Cannot use ${path}: ${error.message}.`);
    throw error;
  }
}

async function readPicture(path: string): Promise<Uint8Array> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new ImageError(`Cannot use ${path}: it is not a file.`);
    if (info.size > MAX_BYTES) {
      throw new ImageError(
        `Cannot use ${path}: it has ${info.size} bytes, more than the limit of ${MAX_BYTES}.`,
      );
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw new ImageError(`Cannot read ${path}: ${reasonOf(error)}.`);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'you have no right to read it';
  return error instanceof Error ? error.message : String(error);
}
