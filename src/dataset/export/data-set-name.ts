import { basename } from 'node:path';

/** Files that a data set has besides its own. */
const TAKEN = new Set(['manifest', 'dataset_info']);

/** What a data set that is made of the file at `path` is called: its name without its ending. */
export function dataSetName(path: string): string {
  const name = basename(path).replace(/(?:\.traces)?\.jsonl?$/i, '');
  return name === '' || TAKEN.has(name) ? `${name}_data` : name;
}
