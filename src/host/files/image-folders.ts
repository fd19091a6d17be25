import * as v from 'valibot';
import type { Keep } from '../ask/recent-questions';

const KEY = 'imageFolders';

/** More data files than anyone goes back to; the oldest are forgotten, and asked about again. */
const MOST = 500;

const keptSchema = v.array(v.tuple([v.string(), v.string()]));

/** In which folder the user said that the images of a data file are, the last one that was said. */
export class ImageFolders {
  private readonly folders: Map<string, string>;

  constructor(private readonly keep: Keep) {
    const kept = v.safeParse(keptSchema, keep.get(KEY));
    this.folders = new Map(kept.success ? kept.output : []);
  }

  /** Absolute path of the folder; null if none was said. `file` is that of the data file. */
  of(file: string): string | null {
    return this.folders.get(file) ?? null;
  }

  async remember(file: string, folder: string): Promise<void> {
    this.folders.delete(file);
    this.folders.set(file, folder);
    await this.keep.update(KEY, [...this.folders].slice(-MOST));
  }
}
