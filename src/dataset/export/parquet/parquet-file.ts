import type { ParquetWriter } from 'hyparquet-writer';
import type { NewFile, NewFolder } from '../new-folder';
import { type Columns, featuresOf, parquetSchema } from './column';

/** A row group is written when it has so many bytes or rows: so much of a file is held in memory. */
const GROUP = { bytes: 32 * 2 ** 20, rows: 1000 };

export type ParquetRow = Readonly<Record<string, unknown>>;

/** A parquet file that is written row by row, one row group after the other, which `datasets` reads with its pictures. */
export class ParquetFile {
  /** Of the values of all rows. */
  bytes = 0;
  rows = 0;
  private group: ParquetRow[] = [];
  private groupBytes = 0;

  private constructor(
    private readonly columns: Columns,
    private readonly file: NewFile,
    private readonly writer: ParquetWriter,
  ) {}

  static async open(folder: NewFolder, path: string, columns: Columns): Promise<ParquetFile> {
    const { ByteWriter, ParquetWriter } = await import('./library');
    const file = await folder.stream(path);
    // Gathers the bytes of a row group, which then go into the file.
    const bytes = new ByteWriter();
    const flush = async () => {
      const group = bytes.getBytes();
      bytes.index = 0;
      await file.write(group);
    };
    const writer = new ParquetWriter({
      writer: Object.assign(bytes, { flush, finish: flush }),
      schema: parquetSchema(columns),
      // Nobody looks for a picture by its smallest byte.
      statistics: false,
      kvMetadata: [
        { key: 'huggingface', value: JSON.stringify({ info: { features: featuresOf(columns) } }) },
      ],
      createdBy: 'vilasr',
    });
    return new ParquetFile(columns, file, writer);
  }

  /** @param row a value for each column. */
  async add(row: ParquetRow): Promise<void> {
    const bytes = sizeOf(row);
    this.group.push(row);
    this.groupBytes += bytes;
    this.bytes += bytes;
    this.rows++;
    if (this.groupBytes >= GROUP.bytes || this.group.length >= GROUP.rows) await this.writeGroup();
  }

  async end(): Promise<void> {
    await this.writeGroup();
    await this.writer.finish();
    await this.file.end();
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async writeGroup(): Promise<void> {
    const { group } = this;
    if (group.length === 0) return;
    this.group = [];
    this.groupBytes = 0;
    const columnData = Object.entries(this.columns).map(([name, type]) => ({
      name,
      data: group.map((row) => row[name] ?? null),
      // Pictures are compressed as they are.
      ...(holdsImages(type) && { codec: 'UNCOMPRESSED' as const }),
    }));
    await this.writer.write({ columnData, rowGroupSize: group.length });
  }
}

function holdsImages(type: Columns[string]): boolean {
  return type === 'image' || (typeof type === 'object' && 'list' in type && type.list === 'image');
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce<number>((sum, one) => sum + sizeOf(one), 0);
}
