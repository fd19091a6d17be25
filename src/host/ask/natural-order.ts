import { basename } from 'node:path';

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Paths in the order in which people count: by folder, then `frame-2` before `frame-10`. */
export function inNaturalOrder(paths: readonly string[]): string[] {
  const folderOf = (path: string) => path.slice(0, path.length - basename(path).length);
  return [...paths].sort(
    (a, b) =>
      collator.compare(folderOf(a), folderOf(b)) ||
      collator.compare(basename(a), basename(b)) ||
      (a < b ? -1 : a > b ? 1 : 0),
  );
}
