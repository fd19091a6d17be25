import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { InputImage } from '../../trace/trace';
import { systemReason } from '../data-error';
import { CannotExport } from './export-target';

/** The file that an image path of the source means, or why there is none, for people. */
export type LocateImage = (
  path: string,
) => Promise<{ readonly file: string } | { readonly problem: string; readonly message: string }>;

/** A picture that was found. */
export interface Picture {
  readonly file: string;
  readonly content: Uint8Array;
  /** Whether it is known to be the one that the trace was made of. */
  readonly proven: boolean;
}

/** The picture of an image. Throws `CannotExport` that names it and says what is wrong. */
export async function readPicture(
  input: Pick<InputImage, 'path' | 'sha256'>,
  locate: LocateImage,
): Promise<Picture> {
  const found = await locate(input.path);
  if ('problem' in found) {
    throw new CannotExport(`The image ${JSON.stringify(input.path)} cannot be found. ${found.message}`, true);
  }
  const { file } = found;
  const content = await readFile(file).catch((error: unknown) => {
    throw new CannotExport(`The image ${file} cannot be read: ${systemReason(error)}.`, true);
  });
  if (input.sha256 === undefined) return { file, content, proven: false };
  const sha256 = createHash('sha256').update(content).digest('hex');
  if (sha256 === input.sha256) return { file, content, proven: true };
  throw new CannotExport(`The image ${file} is not the one that the trace was made of.`, true);
}
