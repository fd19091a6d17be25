import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readTrace } from '../../trace/trace-line';
import { DataError, systemReason } from '../data-error';
import type { ItemSource, SourceItem } from './item-source';
import { linesOf } from './lines-of';

/** The lines of a `*.traces.jsonl` file, read one after the other. */
export class TraceItems implements ItemSource {
  readonly format = 'traces';
  readonly fault = null;
  private lines: AsyncGenerator<string> | null = null;
  private read = 0;
  private line = 0;
  private ended = false;

  private constructor(readonly path: string) {}

  /** Throws `DataError` if there is no such file. */
  static async open(path: string): Promise<TraceItems> {
    const info = await stat(path).catch((error: unknown) => {
      throw new DataError(`Cannot read ${path}: ${systemReason(error)}.`);
    });
    if (!info.isFile()) throw new DataError(`${path} is not a file.`);
    return new TraceItems(resolve(path));
  }

  get counts(): ItemSource['counts'] {
    return { count: this.read, counting: !this.ended };
  }

  /** Only the next item can be read, and of an earlier one nothing is left. Throws `DataError`. */
  async item(index: number): Promise<SourceItem | null> {
    if (index !== this.read) throw new RangeError(`Item ${index} was asked for where ${this.read} is next.`);
    const raw = await this.nextLine();
    if (raw === null) return null;
    this.read++;
    const { trace, findings } = readTrace(raw);
    // White space around an item is no part of what names it.
    const hash = createHash('sha256').update(raw.trim()).digest('hex');
    return { index, line: this.line, raw, hash, trace, findings };
  }

  async close(): Promise<void> {
    await this.lines?.return(undefined);
  }

  private async nextLine(): Promise<string | null> {
    this.lines ??= linesOf(this.path);
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done) {
        this.ended = true;
        return null;
      }
      this.line++;
      if (value.trim() !== '') return value;
    }
  }
}
