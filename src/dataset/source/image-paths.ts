import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { type ImageRoots, isInside, PathRefused, resolveImage } from './image-roots';

/** The file of an image, or why there is none. `message` is for people. */
export type FoundImage =
  | { readonly file: string }
  | { readonly problem: 'missing' | 'refused'; readonly message: string };

/** More places than anyone reads. */
const MOST_NAMED = 5;

/**
 * Looks for the file that an image path of a data file means, in this order: from the data file's folder; from the folders
 * that this one lies in, since upstream's `./cold_start/…` starts from the data set's root; from each of the `roots`. Only
 * what lies within the roots is looked at.
 */
export async function findImage(path: string, places: ImageRoots): Promise<FoundImage> {
  const { folder, roots } = places;
  const starts = isAbsolute(path) ? [folder] : [...withAncestors(folder), ...roots];
  const all = [...new Set(starts.map((start) => resolve(start, path)))];
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
