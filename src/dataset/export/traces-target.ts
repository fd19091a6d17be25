import { isAbsolute, normalize, sep } from 'node:path';
import { readTrace, writeTrace } from '../../trace/trace-line';
import { DataError } from '../data-error';
import { linesOf } from '../lines-of';
import type { EditedItem } from './edited-items';
import {
  CannotExport,
  type ExportTarget,
  type ImageCounts,
  type ImageMode,
  type Prepared,
} from './export-target';
import type { NewFile, NewFolder } from './new-folder';
import { type LocateImage, readPicture } from './picture';

export interface TracesOptions {
  readonly folder: NewFolder;
  /** The file is `NAME.traces.jsonl`. */
  readonly name: string;
  /** Whether the items of the source are lines of a trace file. */
  readonly fromTraces: boolean;
  readonly locate: LocateImage;
  readonly mode: ImageMode;
}

/** A trace file, in which traces without edits keep their bytes, and the images beside it at the same relative paths. */
export class TracesTarget implements ExportTarget {
  readonly images: ImageCounts = { copied: 0, linked: 0, resized: 0, drawn: 0 };
  readonly advice = null;
  private readonly taken = new Set<string>();
  private count = 0;

  private constructor(
    private readonly options: TracesOptions,
    private readonly file: NewFile,
  ) {}

  static async open(options: TracesOptions): Promise<TracesTarget> {
    return new TracesTarget(options, await options.folder.stream(fileName(options)));
  }

  async prepare({ item, trace, original }: EditedItem): Promise<Prepared> {
    const { raw } = item;
    const isLine = this.options.fromTraces && !raw.includes('\n');
    const line = writeTrace(trace, isLine ? { line: raw, trace: original } : null);
    const notes = await Promise.all(trace.images.map((image) => this.take(image)));
    return {
      notes: notes.flat(),
      write: async () => {
        this.count++;
        await this.file.write(`${line}\n`);
      },
    };
  }

  async finish(): Promise<void> {
    await this.file.end();
    const path = await this.options.folder.place(fileName(this.options));
    let count = 0;
    for await (const line of linesOf(path)) {
      count++;
      if (readTrace(line).trace === null)
        throw new DataError(`${path}, line ${count} was written wrongly: it is no trace.`);
    }
    if (count !== this.count)
      throw new DataError(`${path} was written wrongly: it has ${count} lines, not ${this.count}.`);
  }

  close(): Promise<void> {
    return this.file.close();
  }

  /** Takes a picture along; what cannot be, is said: the trace is whole without it. */
  private async take(image: EditedItem['trace']['images'][number]): Promise<string[]> {
    const { folder, locate, mode } = this.options;
    const path = normalize(image.path).split(sep).join('/');
    if (isAbsolute(image.path)) return [];
    if (path.startsWith('../') || path === fileName(this.options) || path === 'manifest.json') {
      return [
        `The image ${JSON.stringify(image.path)} was not taken along: it lies outside of the data set's folder.`,
      ];
    }
    if (this.taken.has(path)) return [];
    this.taken.add(path);
    try {
      const { file, content } = await readPicture(image, locate);
      if (mode === 'link') await folder.link(path, file, content);
      else await folder.write(path, content);
      this.images[mode === 'link' ? 'linked' : 'copied']++;
      return [];
    } catch (error) {
      if (error instanceof CannotExport) return [error.message];
      throw error;
    }
  }
}

const fileName = ({ name }: Pick<TracesOptions, 'name'>): string => `${name}.traces.jsonl`;
