import { createHash, type Hash } from 'node:crypto';
import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../../shared/error-code';
import { type Lock, tryLock } from '../../shared/lock';
import { DataError, systemReason } from '../data-error';

/** A file of a new folder. */
export interface WrittenFile {
  /** From the folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
  /** SHA-256, hexadecimal; of what it leads to if it is a link. */
  readonly sha256: string;
}

/**
 * A folder that appears under its name when all that is in it is written. Until then it is `NAME.partial`, beside a lock;
 * what a killed process left there is taken away by the next one. All of this throws `DataError`.
 */
export class NewFolder {
  private written: WrittenFile[] = [];

  private constructor(
    readonly path: string,
    /** Where it is until it is finished. */
    readonly partial: string,
    private lock: Lock | null,
  ) {}

  /** The folder must not be there yet, unless it is empty. */
  static async create(path: string): Promise<NewFolder> {
    const partial = `${path}.partial`;
    return explain(path, async () => {
      const there = await readdir(path).catch((error: unknown) => {
        if (errorCode(error) === 'ENOENT') return [];
        throw error;
      });
      if (there.length > 0)
        throw new DataError(`${path} is there already, and not empty. Choose another folder.`);
      await mkdir(dirname(path), { recursive: true });
      const lock = await tryLock(`${path}.lock`);
      if (lock === null) throw new DataError(`Another vilasr is writing to ${path}, and holds ${path}.lock.`);
      try {
        await rm(partial, { recursive: true, force: true });
        await mkdir(partial);
        return new NewFolder(path, partial, lock);
      } catch (error) {
        await lock.release();
        throw error;
      }
    });
  }

  /** All files so far, by their paths. */
  get files(): readonly WrittenFile[] {
    return [...this.written].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Where a file of the folder is now. The folder that it lies in is made. */
  async place(path: string): Promise<string> {
    const place = join(this.partial, path);
    await this.explain(() => mkdir(dirname(place), { recursive: true }));
    return place;
  }

  /** A file that is written piece by piece. */
  async stream(path: string): Promise<NewFile> {
    const place = await this.place(path);
    const file = await this.explain(() => open(place, 'w'));
    return new NewFile(this.path, file, (bytes, sha256) => {
      this.written.push({ path, bytes, sha256 });
    });
  }

  async write(path: string, content: Uint8Array | string): Promise<void> {
    const place = await this.place(path);
    await this.explain(() => writeFile(place, content));
    this.written.push(about(path, content));
  }

  /** A link to `target`, whose content is `content`. */
  async link(path: string, target: string, content: Uint8Array): Promise<void> {
    const place = await this.place(path);
    await symlink(target, place).catch((error: unknown) => {
      throw new DataError(`Cannot link to ${target}: ${systemReason(error)}. Copy the images instead.`);
    });
    this.written.push(about(path, content));
  }

  /** Takes in a file that somebody else has put into its place. */
  async adopt(path: string): Promise<void> {
    const content = await this.explain(() => readFile(join(this.partial, path)));
    this.written.push(about(path, content));
  }

  /** Takes something away again, whatever it is. */
  async remove(path: string): Promise<void> {
    await this.explain(() => rm(join(this.partial, path), { recursive: true, force: true }));
    this.written = this.written.filter((file) => file.path !== path && !file.path.startsWith(`${path}/`));
  }

  /** The folder takes its name. */
  async finish(): Promise<void> {
    await this.explain(async () => {
      if (this.lock !== null && !(await this.lock.isHeld())) {
        throw new DataError(`Another vilasr has begun to write to ${this.path} while this one stood still.`);
      }
      await rmdir(this.path).catch((error: unknown) => {
        if (errorCode(error) !== 'ENOENT') throw error;
      });
      await rename(this.partial, this.path);
    });
    await this.release();
  }

  /** Takes away what is not finished. */
  async discard(): Promise<void> {
    if (this.lock === null) return;
    await this.explain(() => rm(this.partial, { recursive: true, force: true, maxRetries: 5 }));
    await this.release();
  }

  private async release(): Promise<void> {
    await this.lock?.release();
    this.lock = null;
  }

  private explain<T>(work: () => Promise<T>): Promise<T> {
    return explain(this.path, work);
  }
}

/** A file that is being written. */
export class NewFile {
  private readonly hash: Hash = createHash('sha256');
  private bytes = 0;

  constructor(
    private readonly folder: string,
    private readonly file: FileHandle,
    private readonly onEnd: (bytes: number, sha256: string) => void,
  ) {}

  async write(text: string | Uint8Array): Promise<void> {
    const content = typeof text === 'string' ? Buffer.from(text) : text;
    this.hash.update(content);
    this.bytes += content.length;
    await explain(this.folder, () => this.file.appendFile(content));
  }

  async end(): Promise<void> {
    await explain(this.folder, () => this.file.close());
    this.onEnd(this.bytes, this.hash.digest('hex'));
  }

  /** Lets it go as it is; to be called whatever happened. */
  async close(): Promise<void> {
    await this.file.close();
  }
}

function about(path: string, content: Uint8Array | string): WrittenFile {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { path, bytes: Buffer.byteLength(content), sha256 };
}

async function explain<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`Cannot write to ${path}: ${systemReason(error)}.`);
  }
}
