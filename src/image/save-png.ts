import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemReason } from '../shared/system-reason';
import type { RgbImage } from '../trace/geometry';
import { encodePng } from './decode/native';
import { ImageError } from './pixel-service';

/**
 * Writes `image` to `path` as PNG. The file is there whole or, after a failure, as it was: the bytes go to a new file in
 * the same folder, which then takes the name.
 *
 * @throws ImageError that names the file and why it cannot be written.
 */
export async function savePng(image: RgbImage, path: string): Promise<void> {
  const bytes = await encodePng(image);
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await writeFile(draft, bytes);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw new ImageError(`Cannot write ${path}: ${systemReason(error)}.`);
  }
}
