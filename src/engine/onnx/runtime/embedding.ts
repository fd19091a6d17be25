import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../engine';
import { BYTES, toFloat32 } from '../import/to-float32';
import type { EmbeddingRows } from '../imported-model';

/** Reads rows of the embedding table from disk as they are needed; the page cache keeps the common ones near. */
export class Embedding {
  private readonly fd: number;
  private readonly row: Uint8Array;

  constructor(
    dir: string,
    private readonly table: EmbeddingRows,
  ) {
    this.fd = openSync(join(dir, table.file), 'r');
    this.row = new Uint8Array(table.width * BYTES[table.dtype]);
  }

  /** Values in a row. */
  get width(): number {
    return this.table.width;
  }

  /** Writes the row of token `id` into `out` at `offset`, as float32. */
  read(id: number, out: Float32Array, offset: number): void {
    const { row, table } = this;
    if (readSync(this.fd, row, 0, row.length, table.offset + id * row.length) !== row.length) {
      throw new EngineError(
        'bad-model',
        `${table.file} ends before the embedding of token ${id}; import the model again.`,
      );
    }
    out.set(toFloat32(row, table.dtype), offset);
  }

  close(): void {
    closeSync(this.fd);
  }
}
