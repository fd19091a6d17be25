import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { type ImageRoots, isInside, PathRefused, resolveImage } from './image-roots';

/** The file of an image, or why there is none. `message` is for people. */
export type FoundImage =
  | { readonly file: string }
  | { readonly problem: 'missing' | 'refused'; readonly message: string };

/** What it is called among the findings of an item that an image of its has no file. */
export const imageFindingCode = (found: Exclude<FoundImage, { file: string }>) =>
  found.problem === 'missing' ? ('missing-image' as const) : ('refused-image' as const);

/** More places than anyone reads. */
const MOST_NAMED = 5;

/**
 * Looks for the file that an image path of a data file means, in this order: from the data file's folder; from the folders
 * that this one lies in, since upstream's `./cold_start/…` starts from the data set's root; from each of the `roots`; in each
 * of these from where its own name stands in the path, as it does where a data set was moved. Only what lies within the
 * roots is looked at.
 */
export async function findImage(path: string, places: ImageRoots): Promise<FoundImage> {
  const { folder, roots } = places;
  const starts = isAbsolute(path) ? [folder] : [...withAncestors(folder), ...roots];
  const moved = roots.flatMap((root) => within(root, path));
  const all = [...new Set([...starts.map((start) => resolve(start, path)), ...moved])];
  const candidates = all.filter((file) => roots.some((root) => isInside(file, root)));
  if (candidates.length === 0) {
    const message = `${JSON.stringify(path)} leads out of the folders that images may come from: ${listed(roots)}.`;
    return { problem: 'refused', message };
  }
  for (const candidate of candidates) {
    const info = await stat(candidate).catch(() => null);
    if (!info?.isFile()) continue;
    try {
      return { file: await resolveImage(candidate, places) };
    } catch (error) {
      if (!(error instanceof PathRefused)) throw error;
      return { problem: 'refused', message: error.message };
    }
  }
  return { problem: 'missing', message: `No file is at ${listed(candidates)}.` };
}

/** Where a path leads in a folder whose name it has: `/old/cold_start/a.png` is `a.png` in a folder `cold_start`. */
function within(root: string, path: string): string[] {
  const parts = path.split(/[\\/]/);
  const name = basename(root);
  return parts.flatMap((part, i) =>
    part === name && i + 1 < parts.length ? [resolve(root, ...parts.slice(i + 1))] : [],
  );
}

function listed(places: readonly string[]): string {
  const rest = places.length - MOST_NAMED;
  return places.slice(0, MOST_NAMED).join(', ') + (rest > 0 ? ` and ${rest} more places` : '');
}

function withAncestors(folder: string): string[] {
  const all = [folder];
  for (let at = folder; dirname(at) !== at; ) {
    at = dirname(at);
    all.push(at);
  }
  return all;
}
