import { copyFile, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DataError, systemReason } from '../../dataset/data-error';
import { pathFrom } from '../../dataset/path-from';
import { isInside } from '../../dataset/source/image-roots';
import { openTraceFile } from '../../dataset/trace-file';
import type { Trace } from '../../trace/trace';

/**
 * Appends a run to a trace file. Image paths start from that file's folder then. Images of the extension's own, as the
 * frames that were taken of a video and the samples, are copied to a folder beside the file: those in the folders `own` may
 * go at any time.
 *
 * @throws DataError
 */
export async function saveTrace(trace: Trace, out: string, own: readonly string[]): Promise<void> {
  const folder = dirname(out);
  const ownFolder = join(folder, `${basename(out).replace(/(\.traces)?\.jsonl$/i, '')}-images`, trace.id);
  const images: Trace['images'][number][] = [];
  for (const image of trace.images) {
    const isOwn = own.some((storage) => isInside(image.path, storage));
    const file = isOwn ? join(ownFolder, basename(image.path)) : image.path;
    if (isOwn) await copy(image.path, file);
    images.push({ ...image, path: pathFrom(folder, file) });
  }
  const file = await openTraceFile(out);
  await file.append({ ...trace, images }).finally(() => file.close());
}

async function copy(from: string, to: string): Promise<void> {
  try {
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, to);
  } catch (error) {
    throw new DataError(`Cannot copy ${from} to ${to}: ${systemReason(error)}.`);
  }
}
