import { type FileHandle, open } from 'node:fs/promises';
import { systemReason } from '../../dataset/data-error';
import { Listeners } from '../listeners';
import { indexLines } from './index-lines';
import { LineTable } from './line-table';
import { type ReadLine, readLine } from './read-line';

/** How far a reader is with its file. */
export interface Counted {
  readonly count: number;
  /** Whether there may be more lines. */
  readonly counting: boolean;
}

/**
 * The lines of a trace file, read one at a time wherever they are; never the whole file. It is indexed in the background:
 * the first line is there at once, however long the file.
 */
export class TraceFileReader {
  /** Told when more lines are found and when there are no more. */
  readonly counted = new Listeners<Counted>();
  private table = new LineTable();
  private file: FileHandle | null = null;
  private indexing: { readonly abort: AbortController; readonly done: Promise<void> } | null = null;
  private closed = false;

  constructor(readonly path: string) {}

  /** What is known now. */
  get counts(): Counted {
    return { count: this.table.count, counting: this.indexing !== null };
  }

  /**
   * Opens the file, or opens it anew after it changed, and begins to index it. Resolves when the first line, or that there
   * is none, is known. Throws `Error` that names the file.
   */
  async open(): Promise<void> {
    await this.stop();
    const file = await open(this.path, 'r').catch((error: unknown) => {
      throw new Error(`Cannot read ${this.path}: ${systemReason(error)}.`);
    });
    if (this.closed) return file.close();
    this.file = file;
    this.table = new LineTable();
    await this.index(file);
  }

  /** Line number `index`, counted from 0; waits for the index to get there. Null if the file has no such line. */
  async line(index: number): Promise<ReadLine | null> {
    while (this.indexing !== null && this.table.range(index) === null) await this.nextCount();
    const range = this.table.range(index);
    const { file } = this;
    if (range === null || file === null) return null;
    return readLine(file, range);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.stop();
  }

  private index(file: FileHandle): Promise<void> {
    const abort = new AbortController();
    return new Promise((resolve) => {
      const onLines = (table: LineTable) => {
        this.table = table;
        this.counted.tell(this.counts);
        resolve();
      };
      const done = indexLines(file, { signal: abort.signal, onLines })
        // A file that cannot be read to its end is shown as far as it was.
        .catch(() => undefined)
        .then(() => {
          if (abort.signal.aborted) return;
          this.indexing = null;
          this.counted.tell(this.counts);
        })
        .finally(resolve);
      this.indexing = { abort, done };
    });
  }

  private nextCount(): Promise<void> {
    return new Promise((resolve) => {
      const leave = this.counted.add(() => {
        leave();
        resolve();
      });
    });
  }

  private async stop(): Promise<void> {
    const { indexing, file } = this;
    this.indexing = null;
    this.file = null;
    indexing?.abort.abort();
    await indexing?.done;
    await file?.close();
  }
}
