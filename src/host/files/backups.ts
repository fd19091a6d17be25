import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Lock, tryLock } from '../../shared/lock';

/** A backup by its id, which is a path, and how to take it away. */
export interface Backup {
  readonly id: string;
  delete(): void;
}

/**
 * Keeps the unsaved edits of each document in one file. Its name is this window's own, since others may keep edits of the
 * same document in the same folder; and it stays the same, since a window that is killed may come back with the id of an
 * earlier backup than the last one. The file that it comes back with it goes on with, unless a process that still runs
 * holds it: a lock lies beside each.
 */
export class Backups {
  private readonly window = randomUUID();
  /** Files of documents that were taken up from an earlier window, by the names of these. */
  private readonly takenUp = new Map<string, string>();
  /** Of the files that this window goes on with; null where another process holds it. */
  private readonly locks = new Map<string, Promise<Lock | null>>();
  /** How many backups were made of each document. */
  private readonly counts = new Map<string, number>();

  /** @param folder absolute path; made when it is needed. */
  constructor(private readonly folder: string) {}

  /** Keeps `content` in place of what was kept of the document of that name. To delete an earlier one does nothing. */
  async write(name: string, content: string): Promise<Backup> {
    const path = this.takenUp.get(name) ?? this.ownPath(name);
    const count = (this.counts.get(path) ?? 0) + 1;
    this.counts.set(path, count);
    await mkdir(this.folder, { recursive: true });
    await this.hold(path);
    const partial = `${path}.${count}.partial`;
    await writeFile(partial, content);
    // A later one may have been quicker.
    if (this.counts.get(path) === count) await rename(partial, path);
    else await rm(partial, { force: true });
    return {
      id: path,
      delete: () => {
        if (this.counts.get(path) === count) void this.remove(path);
      },
    };
  }

  /**
   * What an earlier window kept of the document of that name, which is kept further here. What another process holds, or
   * lies elsewhere, is left to it: events that two windows save are in the overlay once. Throws system errors.
   */
  async takeUp(name: string, id: string): Promise<string> {
    const isOurs = dirname(id) === this.folder && (await this.hold(id).catch(() => null)) !== null;
    if (isOurs) this.takenUp.set(name, id);
    return readFile(id, 'utf8');
  }

  private ownPath(name: string): string {
    const hash = createHash('sha256').update(`${this.window} ${name}`).digest('hex').slice(0, 32);
    return join(this.folder, `${hash}.jsonl`);
  }

  private hold(path: string): Promise<Lock | null> {
    const known = this.locks.get(path);
    if (known !== undefined) return known;
    const lock = tryLock(`${path}.lock`);
    this.locks.set(path, lock);
    const forget = () => this.locks.delete(path);
    lock.then((held) => held === null && forget(), forget);
    return lock;
  }

  private async remove(path: string): Promise<void> {
    const lock = this.locks.get(path);
    this.locks.delete(path);
    await rm(path, { force: true });
    await (await lock)?.release();
  }
}
