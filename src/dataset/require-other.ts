import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { DataError } from './data-error';

/** Throws `DataError` where what is to be written at `path` would take the place of a data file, by whatever name, or of its edits. */
export async function requireOther(dataFile: string, path: string): Promise<void> {
  const name = basename(dataFile);
  if (await isSameFile(path, dataFile)) {
    throw new DataError(`${name} itself is never written, and ${path} is it. Choose another name.`);
  }
  if (await isSameFile(path, `${dataFile}.edits.jsonl`)) {
    throw new DataError(`${path} holds the edits of ${name}. Choose another name.`);
  }
}

/** Whether both are one file, also by a link, or would be. */
async function isSameFile(a: string, b: string): Promise<boolean> {
  if (resolve(a) === resolve(b)) return true;
  const [one, other] = await Promise.all([a, b].map((path) => stat(path).catch(() => null)));
  return one != null && other != null && one.dev === other.dev && one.ino === other.ino;
}
