import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A backup by its id, which is a path, and how to take it away. */
export interface Backup {
  readonly id: string;
  delete(): void;
}

/**
 * Keeps the unsaved edits of each document in one file, whose name stays the same: a window that is killed may come back
 * with the id of an earlier backup than the last one.
 */
export class Backups {
  /** How many backups were made of each document. */
  private readonly counts = new Map<string, number>();

  /** @param folder absolute path; made when it is needed. */
  constructor(private readonly folder: string) {}

  /** Keeps `content` in place of what was kept of the document of that name. To delete an earlier one does nothing. */
  async write(name: string, content: string): Promise<Backup> {
    const hash = createHash('sha256').update(name).digest('hex').slice(0, 32);
    const path = join(this.folder, `${hash}.jsonl`);
    const count = (this.counts.get(path) ?? 0) + 1;
    this.counts.set(path, count);
    await mkdir(this.folder, { recursive: true });
    const partial = `${path}.${count}.partial`;
    await writeFile(partial, content);
    // A later one may have been quicker.
    if (this.counts.get(path) === count) await rename(partial, path);
    else await rm(partial, { force: true });
    return {
      id: path,
      delete: () => {
        if (this.counts.get(path) === count) void rm(path, { force: true });
      },
    };
  }
}
