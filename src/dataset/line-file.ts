import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { DataError, systemReason } from './data-error';

/** Lines that are held in memory before they are written. */
const BATCH = 500;

/** Makes a folder and those it lies in. Throws `DataError`. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw new DataError(`Cannot make the folder ${path}: ${systemReason(error)}.`);
  });
}

/** A file of lines that appears under its name, in place of what was there, when it is whole. Throws `DataError`. */
export class LineFile {
  private lines: string[] = [];

  private constructor(
    private readonly path: string,
    private readonly partial: string,
    private file: FileHandle | null,
  ) {}

  static async create(path: string): Promise<LineFile> {
    const partial = `${path}.partial`;
    return new LineFile(path, partial, await explain(path, () => open(partial, 'w')));
  }

  async add(line: string): Promise<void> {
    this.lines.push(`${line}\n`);
    if (this.lines.length >= BATCH) await this.flush();
  }

  async finish(): Promise<void> {
    await this.flush();
    await explain(this.path, async () => {
      // Else the name may be on disk before what it names.
      await this.file?.datasync();
      await this.file?.close();
      this.file = null;
      await rename(this.partial, this.path);
    });
  }

  /** Takes away what is not finished. */
  async discard(): Promise<void> {
    if (this.file === null) return;
    await this.file.close();
    this.file = null;
    await rm(this.partial, { force: true });
  }

  private async flush(): Promise<void> {
    const text = this.lines.join('');
    this.lines = [];
    await explain(this.path, async () => this.file?.appendFile(text));
  }
}

async function explain<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new DataError(`Cannot write ${path}: ${systemReason(error)}.`);
  }
}
