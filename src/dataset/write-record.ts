import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { DataError, systemReason } from './data-error';

/** Writes a JSON file that lies beside a data file, whole or not at all, in the place of an older one. Throws `DataError`. */
export async function writeRecord(path: string, record: object): Promise<void> {
  const partial = `${path}.${randomBytes(4).toString('hex')}.partial`;
  try {
    await writeFile(partial, `${JSON.stringify(record, null, 2)}\n`);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw new DataError(`Cannot write ${path}: ${systemReason(error)}.`);
  }
}
