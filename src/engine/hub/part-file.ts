import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { cancelled } from '../engine';

/** A file of a repository, and what it must be. */
export interface HubFile {
  readonly name: string;
  readonly size: number;
  /** SHA-256 of the contents of a large file, or git's hash of a small one, in hexadecimal: the name of its blob. */
  readonly hash: string;
}

/** Bytes read at once of what is there. */
const CHUNK = 1 << 20;

/** What has come of a file so far, on disk, with the hash of it. */
export class PartFile {
  private count = 0;
  private hash: Hash;

  private constructor(
    private readonly out: FileHandle,
    private readonly file: HubFile,
  ) {
    this.hash = newHash(file);
  }

  /** Opens or makes it. What lies there is read, to be gone on from: `onChecked` is told how much of it was. */
  static async open(
    path: string,
    file: HubFile,
    onChecked: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<PartFile> {
    const part = new PartFile(await open(path, 'a+'), file);
    try {
      await part.readBack(onChecked, signal);
      return part;
    } catch (error) {
      await part.close();
      throw error;
    }
  }

  get bytes(): number {
    return this.count;
  }

  /** Whether all is there that should be, and as it should be. */
  get isRight(): boolean {
    return this.count === this.file.size && this.hash.copy().digest('hex') === this.file.hash;
  }

  async append(piece: Uint8Array): Promise<void> {
    await this.out.appendFile(piece);
    this.hash.update(piece);
    this.count += piece.byteLength;
  }

  async startAnew(): Promise<void> {
    await this.out.truncate(0);
    this.count = 0;
    this.hash = newHash(this.file);
  }

  /** Makes sure that the disk has it. */
  async flush(): Promise<void> {
    await this.out.datasync();
  }

  async close(): Promise<void> {
    await this.out.close();
  }

  private async readBack(onChecked: (bytes: number) => void, signal: AbortSignal): Promise<void> {
    const { size } = await this.out.stat();
    if (size > this.file.size) return this.startAnew();
    const buffer = new Uint8Array(Math.min(CHUNK, size));
    while (this.count < size) {
      if (signal.aborted) throw cancelled();
      const { bytesRead } = await this.out.read(buffer, 0, buffer.length, this.count);
      this.hash.update(buffer.subarray(0, bytesRead));
      this.count += bytesRead;
      onChecked(this.count);
    }
  }
}

/** Git hashes a head before the contents. */
function newHash({ hash, size }: HubFile): Hash {
  return hash.length === 64 ? createHash('sha256') : createHash('sha1').update(`blob ${size}\0`);
}
