import { basename, dirname } from 'node:path';
import type { Listeners } from '../../shared/listeners';
import { parseJson } from '../../trace/parse-json';
import { DataError } from '../data-error';
import type { DataFormat, DataItem, DataSource } from './data-source';
import { decodeItem, type ImagePlaces } from './decode-item';
import type { Codec } from './formats/codec';
import { type Counted, IndexedFile } from './indexed-file';
import { hashOf } from './read-range';
import { codecOf, listFormats, recognise } from './recognise';
import type { FileFault } from './scanner';
import type { StartIndex } from './start-index';

/** Items that are looked at to tell the format of a file; the first that is of one says it. */
const LOOKED_AT = 50;

export interface OpenOptions {
  readonly startIndex: StartIndex;
  /** Where image files may be looked for, asked for each item; null if nobody looks for them. */
  readonly images?: (folder: string) => ImagePlaces;
  /** What a file holds none of whose items is of a known format, if only as there are none; without it it is not opened. */
  readonly otherwise?: DataFormat;
}

/** A file of items in one of the formats. */
export class FileDataSource implements DataSource {
  readonly folder: string;
  private readonly stem: string;

  private constructor(
    private readonly file: IndexedFile,
    private readonly codec: Codec,
    private readonly images: (folder: string) => ImagePlaces,
  ) {
    this.folder = dirname(file.path);
    this.stem = basename(file.path).replace(/(?:\.traces)?\.\w+$/, '');
  }

  /** Throws `DataError` if the file cannot be read, or its items are of no format that is known. */
  static async open(
    path: string,
    { startIndex, images = () => null, otherwise }: OpenOptions,
  ): Promise<FileDataSource> {
    const file = new IndexedFile(path, 'any', startIndex);
    try {
      await file.open();
      return new FileDataSource(file, await findCodec(file, otherwise), images);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get path(): string {
    return this.file.path;
  }

  get format(): DataFormat {
    return this.codec.format;
  }

  get counts(): Counted {
    return this.file.counts;
  }

  get counted(): Listeners<Counted> {
    return this.file.counted;
  }

  get fault(): FileFault | null {
    return this.file.fault;
  }

  async item(index: number): Promise<DataItem | null> {
    const stored = await this.file.item(index);
    if (stored === null) return null;
    const { range, content } = stored;
    const place = { index, file: this.path, range, fallbackId: this.fallbackId(index) };
    return decodeItem(content, place, this.codec, this.images(this.folder));
  }

  async raw(index: number): Promise<string | null> {
    const content = (await this.file.item(index))?.content ?? null;
    return content === null ? null : 'text' in content ? content.text : '';
  }

  fallbackId(index: number): string {
    return `${this.stem}-${index + 1}`;
  }

  async hash(index: number): Promise<string | null> {
    const stored = await this.file.item(index);
    return stored === null ? null : hashOf(stored.content);
  }

  twinsBefore({ index }: DataItem): Promise<number> {
    return this.file.twinsBefore(index);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** The codec of the first item that is of a known format. */
async function findCodec(file: IndexedFile, otherwise: DataFormat | undefined): Promise<Codec> {
  for (let index = 0; index < LOOKED_AT; index++) {
    const item = await file.item(index);
    if (item === null) break;
    const json = 'text' in item.content ? parseJson(item.content.text) : null;
    const codec = json !== null && 'value' in json ? recognise(json.value) : null;
    // The images of an inference sample are found by its folder, which a line of a file has none of.
    if (codec !== null && codec.format !== 'inference') return codec;
  }
  const { count } = file.counts;
  if (otherwise !== undefined && (count > 0 || file.fault === null)) return codecOf(otherwise);
  const fault = file.fault;
  const why =
    fault !== null
      ? `nothing before line ${fault.line} (byte ${fault.byte}) is: ${fault.message}`
      : count === 0
        ? 'it holds nothing.'
        : `none of its first ${Math.min(count, LOOKED_AT)} items is.`;
  throw new DataError(
    `${file.path} is of no format that is known here; ${why} Items are told by their fields:\n${listFormats()}`,
  );
}
