import { readFile } from 'node:fs/promises';
import { DataError, systemReason } from './data-error';

/** A text file. `what` says what it is for, as in `The question file`. Throws `DataError`. */
export async function readTextFile(path: string, what: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof TypeError) throw new DataError(`${what} ${path} is not UTF-8 text.`);
    throw new DataError(`${what} ${path} cannot be read: ${systemReason(error)}.`);
  }
}
