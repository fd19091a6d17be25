import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';

/** A path of a trace that may not be followed. `message` is for people. */
export class PathRefused extends Error {
  override readonly name = 'PathRefused';
}

export interface ImageRoots {
  /** Absolute path of the folder that relative paths start from. */
  readonly folder: string;
  /** Absolute paths of the folders that the user opened; `folder` is one of them. */
  readonly roots: readonly string[];
  /** Whether links on the disk may lead out of them, as they may where the user trusts what is in them. */
  readonly followLinks: boolean;
}

/**
 * The file that a trace's image path means. Neither an absolute path nor `..` may leave the folders that the user opened:
 * a trace file can come from anywhere. What leaves them by its name alone is refused before anything touches the disk
 * (a name can mean a machine on the net).
 *
 * @throws PathRefused
 */
export async function resolveImage(
  path: string,
  { folder, roots, followLinks }: ImageRoots,
): Promise<string> {
  const file = resolve(folder, path);
  if (!roots.some((root) => isInside(file, root))) {
    throw new PathRefused(
      `The path ${JSON.stringify(path)} leads out of the folders that are open. ` +
        'Open the folder that holds the image and the trace file.',
    );
  }
  if (followLinks) return file;
  const real = await realpath(file).catch(() => null);
  // What is not there is for the reader to say.
  if (real === null) return file;
  const realRoots = await Promise.all(roots.map((root) => realpath(root).catch(() => root)));
  if (realRoots.some((root) => isInside(real, root))) return file;
  throw new PathRefused(
    `The path ${JSON.stringify(path)} is a link out of the folders that are open. ` +
      'Trust the workspace to follow its links.',
  );
}

/** Whether a path lies in a folder, or is it, by their names. */
export function isInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
