import { DataError } from '../../dataset/data-error';
import { pathFrom } from '../../dataset/path-from';
import type { PixelService, ResizeLimits } from '../../image/pixel-service';
import type { InputImage } from '../../trace/trace';
import type { DataDocument } from './data-document';

/**
 * A picture file as an input image of a trace of `document`: its path starts from the data file's folder. Throws `DataError`
 * where that leads out of the folders that images may come from, `ImageError` where it is no picture.
 *
 * @param file absolute path.
 * @param limits how it is resized for the model.
 */
export async function readInput(
  file: string,
  document: Pick<DataDocument, 'folder' | 'findImage'>,
  pixels: Pick<PixelService, 'load'>,
  limits: ResizeLimits,
): Promise<InputImage> {
  const path = pathFrom(document.folder, file);
  const found = await document.findImage(path);
  if (!('file' in found)) {
    throw new DataError(
      `${found.message} Open the folder that holds it, or choose it with “Locate Images…”.`,
    );
  }
  const { file: size, image, sha256 } = await pixels.load(found.file, limits);
  return { path, file: size, model: { width: image.width, height: image.height }, sha256 };
}
