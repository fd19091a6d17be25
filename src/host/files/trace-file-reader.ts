import { type Counted, IndexedFile } from '../../dataset/source/indexed-file';
import { indexHere } from '../../dataset/source/start-index';
import type { Listeners } from '../../shared/listeners';
import { type ReadLine, showLine } from './read-line';

export type { Counted } from '../../dataset/source/indexed-file';

/** The lines of a trace file, as they are shown, read one at a time wherever they are. See `IndexedFile`. */
export class TraceFileReader {
  private readonly file: IndexedFile;

  constructor(path: string) {
    this.file = new IndexedFile(path, 'exact-lines', indexHere);
  }

  /** Told when more lines are found and when there are no more. */
  get counted(): Listeners<Counted> {
    return this.file.counted;
  }

  /** What is known now. */
  get counts(): Counted {
    return this.file.counts;
  }

  /** See `IndexedFile.open`. */
  open(): Promise<void> {
    return this.file.open();
  }

  /** Line number `index`, counted from 0; waits for the index to get there. Null if the file has no such line. */
  async line(index: number): Promise<ReadLine | null> {
    const item = await this.file.item(index);
    return item === null ? null : showLine(item.content);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
