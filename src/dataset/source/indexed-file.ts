import { type FileHandle, open } from 'node:fs/promises';
import { Listeners } from '../../shared/listeners';
import { DataError, systemReason } from '../data-error';
import { type ItemRange, ItemTable } from './item-table';
import { type ItemText, readRange } from './read-range';
import type { FileFault, ItemForm } from './scanner';
import type { Indexing, StartIndex } from './start-index';

/** How far the index of a file is. */
export interface Counted {
  readonly count: number;
  /** Whether there may be more items. */
  readonly counting: boolean;
}

/** An item as it stands in its file. */
export interface StoredItem {
  readonly range: ItemRange;
  readonly content: ItemText;
}

/**
 * The items of a data file, read one at a time wherever they are; never the whole file. It is indexed in the background:
 * the first item is there at once, however long the file.
 */
export class IndexedFile {
  /** Told when more items are found and when there are no more. */
  readonly counted = new Listeners<Counted>();
  private table = new ItemTable();
  private file: FileHandle | null = null;
  private indexing: Indexing | null = null;
  private broken: FileFault | null = null;
  private closed = false;

  constructor(
    /** Absolute. */
    readonly path: string,
    private readonly form: ItemForm,
    private readonly start: StartIndex,
  ) {}

  /** What is known now. */
  get counts(): Counted {
    return { count: this.table.count, counting: this.indexing !== null };
  }

  /** What kept the rest of the file from being read; null if nothing did so far. */
  get fault(): FileFault | null {
    return this.broken;
  }

  /**
   * Opens the file, or opens it anew after it changed, and begins to index it. Resolves when the first item, or that there
   * is none, is known. Throws `DataError` that names the file.
   */
  async open(): Promise<void> {
    await this.stop();
    const file = await open(this.path, 'r').catch((error: unknown) => {
      throw new DataError(`Cannot read ${this.path}: ${systemReason(error)}.`);
    });
    if (this.closed) return file.close();
    const isFolder = (await file.stat()).isDirectory();
    if (isFolder) {
      await file.close();
      throw new DataError(`Cannot read ${this.path}: it is a folder.`);
    }
    this.file = file;
    this.table = new ItemTable();
    this.broken = null;
    await this.index(file);
  }

  /** Item number `index`, counted from 0; waits for the index to get there. Null if the file has no such item. */
  async item(index: number): Promise<StoredItem | null> {
    while (this.indexing !== null && index >= this.table.count) await this.nextCount();
    const range = this.table.range(index);
    const { file } = this;
    return range === null || file === null ? null : { range, content: await readRange(file, range) };
  }

  /** How many items before number `index` have the same bytes as it. Reads those alone that are likely to. */
  async twinsBefore(index: number): Promise<number> {
    const own = await this.item(index);
    if (own === null || 'fault' in own.content) return 0;
    let twins = 0;
    for (const i of this.table.alikeBefore(index)) {
      const content = (await this.item(i))?.content;
      if (content !== undefined && 'text' in content && content.text === own.content.text) twins++;
    }
    return twins;
  }

  /** Resolves when the whole file is indexed. */
  async whole(): Promise<void> {
    while (this.indexing !== null) await this.nextCount();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.stop();
  }

  private index(file: FileHandle): Promise<void> {
    const { table } = this;
    return new Promise((resolve) => {
      const indexing = this.start(file.fd, this.form, (batch) => {
        if (this.table !== table || this.file !== file) return;
        table.append(batch);
        this.counted.tell(this.counts);
        resolve();
      });
      this.indexing = indexing;
      void indexing.done.then((fault) => {
        if (this.indexing === indexing) {
          this.indexing = null;
          this.broken = fault;
          this.counted.tell(this.counts);
        }
        resolve();
      });
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
    await indexing?.stop();
    // Who waits for an item hears that there will be none.
    if (indexing !== null) this.counted.tell(this.counts);
    await file?.close();
  }
}
