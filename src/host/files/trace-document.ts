import { dirname } from 'node:path';
import { Listeners } from '../../shared/listeners';
import { type Counted, TraceFileReader } from './trace-file-reader';

/** An open trace file: its reader, and word of when the file on disk became another. Views share it. */
export class TraceDocument {
  readonly changed = new Listeners<void>();
  private readonly reader: TraceFileReader;
  private reopening: Promise<void> = Promise.resolve();

  /**
   * @param path absolute path of the file that is read.
   * @param folder what the image paths in it start from.
   */
  constructor(
    path: string,
    readonly title: string,
    readonly folder = dirname(path),
  ) {
    this.reader = new TraceFileReader(path);
  }

  get counts(): Counted {
    return this.reader.counts;
  }

  get counted(): Listeners<Counted> {
    return this.reader.counted;
  }

  /** See `TraceFileReader.open`. */
  open(): Promise<void> {
    return this.reader.open();
  }

  /** Reads the file anew. What cannot be read any more, as a file that was deleted, is shown as it was. */
  reload(): Promise<void> {
    this.reopening = this.reopening
      .then(() => this.reader.open())
      .then(
        () => this.changed.tell(),
        () => undefined,
      );
    return this.reopening;
  }

  /** See `TraceFileReader.line`. */
  async line(index: number): ReturnType<TraceFileReader['line']> {
    await this.reopening;
    return this.reader.line(index);
  }

  close(): Promise<void> {
    return this.reader.close();
  }
}
