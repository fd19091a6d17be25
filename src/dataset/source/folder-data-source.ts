import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Listeners } from '../../shared/listeners';
import { DataError, systemReason } from '../data-error';
import type { DataItem, DataSource } from './data-source';
import { decodeItem, type ImagePlaces } from './decode-item';
import type { Counted, StoredItem } from './indexed-file';
import { hashOf, readRange } from './read-range';
import { codecOf } from './recognise';

/** What upstream's inference writes into the folder of a sample. */
export const SAMPLE_FILE = 'text_data.json';

/** The folder that upstream's inference writes: a folder for each sample, `sample_*`, with `text_data.json` in it. */
export class FolderDataSource implements DataSource {
  readonly format = 'inference';
  readonly fault = null;
  readonly counted = new Listeners<Counted>();
  private closed = false;

  private constructor(
    readonly path: string,
    readonly folder: string,
    /** Names of the folders of the samples within `folder`. */
    private readonly samples: readonly string[],
    private readonly images: (folder: string) => ImagePlaces,
  ) {}

  /** `path` is the folder of all samples, or of one. Throws `DataError` if it is neither. */
  static async open(
    path: string,
    images: (folder: string) => ImagePlaces = () => null,
  ): Promise<FolderDataSource> {
    if ((await stat(join(path, SAMPLE_FILE)).catch(() => null))?.isFile()) {
      return new FolderDataSource(path, dirname(path), [basename(path)], images);
    }
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      throw new DataError(`Cannot read ${path}: ${systemReason(error)}.`);
    });
    const samples = entries
      .filter((entry) => !entry.isFile() && entry.name.startsWith('sample_'))
      .map(({ name }) => name)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    if (samples.length > 0) return new FolderDataSource(path, path, samples, images);
    throw new DataError(
      `${path} is no output folder of inference: no sample_*/${SAMPLE_FILE} lies in it. Name a file, or another folder.`,
    );
  }

  get counts(): Counted {
    return { count: this.samples.length, counting: false };
  }

  async item(index: number): Promise<DataItem | null> {
    const sample = this.samples[index];
    if (sample === undefined || this.closed) return null;
    const path = join(this.folder, sample, SAMPLE_FILE);
    try {
      const { range, content } = await readWhole(path);
      const place = { index, file: path, range, fallbackId: sample };
      return await decodeItem(content, place, codecOf(this.format), this.images(this.folder));
    } catch (error) {
      const message = `Cannot read ${path}: ${systemReason(error)}.`;
      return unreadable(index, path, message);
    }
  }

  async raw(index: number): Promise<string | null> {
    return (await this.item(index))?.raw ?? null;
  }

  fallbackId(index: number): string {
    return this.samples[index] ?? '';
  }

  async hash(index: number): Promise<string | null> {
    const sample = this.samples[index];
    if (sample === undefined || this.closed) return null;
    return readWhole(join(this.folder, sample, SAMPLE_FILE)).then(
      ({ content }) => hashOf(content),
      () => UNREAD,
    );
  }

  async twinsBefore({ index, hash }: DataItem): Promise<number> {
    let twins = 0;
    for (let i = 0; i < index; i++) if ((await this.hash(i)) === hash) twins++;
    return twins;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

/** The hash of a sample whose file cannot be read. */
const UNREAD = '';

async function readWhole(path: string): Promise<StoredItem> {
  const file = await open(path, 'r');
  try {
    const range = { start: 0, end: (await file.stat()).size, line: 1 };
    return { range, content: await readRange(file, range) };
  } finally {
    await file.close();
  }
}

function unreadable(index: number, file: string, message: string): DataItem {
  const finding = { code: 'unreadable', severity: 'error', message, line: 1, byte: 0 } as const;
  return { index, file, line: 1, byte: 0, raw: '', hash: UNREAD, trace: null, findings: [finding] };
}
