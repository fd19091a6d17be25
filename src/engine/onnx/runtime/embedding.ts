import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../engine';
import type { EmbeddingRows, FloatFormat } from '../imported-model';

const bytesPer: Record<FloatFormat, number> = { float32: 4, bfloat16: 2, float16: 2 };

/** Reads rows of the embedding table from disk as they are needed; the page cache keeps the common ones near. */
export class Embedding {
  private readonly fd: number;
  private readonly row: Buffer;

  constructor(
    dir: string,
    private readonly table: EmbeddingRows,
  ) {
    this.fd = openSync(join(dir, table.file), 'r');
    this.row = Buffer.alloc(table.width * bytesPer[table.dtype]);
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
    const number = decode[table.dtype];
    for (let i = 0; i < table.width; i++) out[offset + i] = number(row, i);
  }

  close(): void {
    closeSync(this.fd);
  }
}

const bits = new DataView(new ArrayBuffer(4));

const decode: Record<FloatFormat, (row: Buffer, i: number) => number> = {
  float32: (row, i) => row.readFloatLE(i * 4),
  bfloat16: (row, i) => {
    bits.setUint32(0, row.readUInt16LE(i * 2) * 0x10000);
    return bits.getFloat32(0);
  },
  float16: (row, i) => {
    const half = row.readUInt16LE(i * 2);
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  },
};
