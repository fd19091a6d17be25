import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { DataSource } from './data-source';
import { FileDataSource, type OpenOptions } from './file-data-source';
import { FolderDataSource, SAMPLE_FILE } from './folder-data-source';

export type { OpenOptions } from './file-data-source';

/**
 * Opens a data file, or an output folder of inference, or one sample of it. The format is told from what is in it, never
 * from its name. Throws `DataError` that says what was looked for, or where the file is broken, if no item is of a known
 * format.
 */
export async function openDataSource(path: string, options: OpenOptions): Promise<DataSource> {
  const absolute = resolve(path);
  const info = await stat(absolute).catch(() => null);
  if (info?.isDirectory()) return FolderDataSource.open(absolute, options.images);
  if (info?.isFile() && basename(absolute) === SAMPLE_FILE) {
    return FolderDataSource.open(dirname(absolute), options.images);
  }
  return FileDataSource.open(absolute, options);
}
