import { isAbsolute, relative, sep } from 'node:path';

/** The path of `file` from `folder`, with slashes; absolute where there is no way, as between two drives. */
export function pathFrom(folder: string, file: string): string {
  const way = relative(folder, file);
  return isAbsolute(way) ? file : way.split(sep).join('/');
}
