import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isPicture, isVideo } from './file-kinds';
import { inNaturalOrder } from './natural-order';

/** What was selected, as far as a question can be asked about it. */
export type Selection =
  /** One picture, or several in natural order. */
  | { readonly type: 'pictures'; readonly files: readonly string[] }
  /** All pictures of a folder, in natural order. */
  | { readonly type: 'frames'; readonly folder: string; readonly files: readonly string[] }
  | { readonly type: 'video'; readonly file: string }
  /** Nothing to ask about: `path` is neither picture nor video, is a folder without pictures, or one of several folders. */
  | {
      readonly type: 'unfit';
      readonly path: string;
      readonly why: 'no-picture' | 'empty-folder' | 'mixed' | 'missing';
    };

/** Says what paths that were selected together are. Folders are not searched deeper. */
export async function classify(paths: readonly string[]): Promise<Selection> {
  const [first, ...others] = paths;
  if (first === undefined) return { type: 'pictures', files: [] };
  for (const path of paths) {
    const info = await stat(path).catch(() => null);
    if (info === null) return { type: 'unfit', path, why: 'missing' };
    if (info.isDirectory()) return others.length > 0 ? { type: 'unfit', path, why: 'mixed' } : frames(path);
    if (isVideo(path)) {
      return others.length > 0 ? { type: 'unfit', path, why: 'mixed' } : { type: 'video', file: path };
    }
    if (!isPicture(path)) return { type: 'unfit', path, why: 'no-picture' };
  }
  return { type: 'pictures', files: inNaturalOrder(paths) };
}

async function frames(folder: string): Promise<Selection> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isDirectory() && isPicture(entry.name));
  if (names.length === 0) return { type: 'unfit', path: folder, why: 'empty-folder' };
  return { type: 'frames', folder, files: inNaturalOrder(names.map(({ name }) => join(folder, name))) };
}
