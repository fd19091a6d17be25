import { DataError } from '../../data-error';
import type { ParquetRow } from './parquet-file';

/**
 * Reads a written file again, a row group at a time, and proves that it has `count` rows, of each of which `problemOf` finds
 * nothing to say. Throws `DataError` that names the row, counted from 1.
 */
export async function verifyParquet(
  path: string,
  count: number,
  problemOf: (row: ParquetRow) => string | null,
): Promise<void> {
  const wrong = (what: string) => new DataError(`${path} was written wrongly: ${what}.`);
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await import('./library');
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await parquetReadObjects({ file, metadata, rowStart, rowEnd, utf8: false });
    rows.forEach((row, i) => {
      const problem = problemOf(row);
      if (problem !== null) throw wrong(`of row ${rowStart + i + 1}, ${problem}`);
    });
    rowStart = rowEnd;
  }
  if (rowStart !== count) throw wrong(`it has ${rowStart} rows, not ${count}`);
}

/** What is wrong with a column of pictures as it is read again; null if nothing: each has bytes. */
export function imagesProblem(images: unknown): string | null {
  if (!Array.isArray(images)) return 'the images are no list';
  const bare = images.findIndex((image: unknown) => !hasBytes(image));
  return bare < 0 ? null : `image ${bare + 1} has no bytes`;
}

const hasBytes = (image: unknown): boolean =>
  typeof image === 'object' &&
  image !== null &&
  'bytes' in image &&
  image.bytes instanceof Uint8Array &&
  image.bytes.length > 0;
