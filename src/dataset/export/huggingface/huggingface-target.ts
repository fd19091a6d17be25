import { readFile } from 'node:fs/promises';
import { countImages } from '../conversation';
import type { EditedItem } from '../edited-items';
import type { ExportTarget, ImageCounts, Prepared, TrainerAdvice } from '../export-target';
import type { ParquetImage } from '../parquet/column';
import { ParquetFile, type ParquetRow } from '../parquet/parquet-file';
import { imagesProblem, verifyParquet } from '../parquet/verify-parquet';
import { addCounts, makeSample, rewordedNotes, type SampleOptions } from '../sample';
import { TrainerNeeds } from '../trainer-needs';
import { dataSetCard } from './card';
import { COLUMNS, rowOf } from './row';

export interface HuggingFaceOptions extends Omit<SampleOptions, 'signal' | 'mode'> {
  /** Names the data set. */
  readonly name: string;
}

const FILE = 'data/train.parquet';

/** A data set as Hugging Face's `datasets` and its hub have them: one parquet file with the pictures in it, and a card. */
export class HuggingFaceTarget implements ExportTarget {
  readonly images: ImageCounts = { copied: 0, linked: 0, resized: 0, drawn: 0 };
  private readonly needs = new TrainerNeeds();

  private constructor(
    private readonly options: HuggingFaceOptions,
    private readonly file: ParquetFile,
  ) {}

  static async open(options: HuggingFaceOptions): Promise<HuggingFaceTarget> {
    return new HuggingFaceTarget(options, await ParquetFile.open(options.folder, FILE, COLUMNS));
  }

  async prepare(edited: EditedItem, signal: AbortSignal): Promise<Prepared> {
    const { folder } = this.options;
    const dir = `images/${edited.item.index}`;
    const sample = await makeSample(edited, dir, { ...this.options, mode: 'copy', signal });
    const images: ParquetImage[] = [];
    for (const { path } of sample.placed) {
      images.push({ bytes: await readFile(await folder.place(path)), path });
    }
    await folder.remove(dir);
    return {
      notes: rewordedNotes(sample),
      write: async () => {
        this.needs.add(
          sample.messages,
          sample.placed.map(({ size }) => size),
        );
        addCounts(this.images, sample.counts);
        await this.file.add(rowOf(edited, sample, images));
      },
    };
  }

  async finish(): Promise<void> {
    const { folder, name } = this.options;
    const { file } = this;
    await file.end();
    // Where pictures were made.
    await folder.remove('images');
    await verifyParquet(await folder.place(FILE), file.rows, problemOf);
    const fileBytes = folder.files.find(({ path }) => path === FILE)?.bytes ?? 0;
    const { rows, bytes } = file;
    await folder.write('README.md', dataSetCard({ name, file: FILE, rows, bytes, fileBytes }));
  }

  get advice(): TrainerAdvice {
    return this.needs.advice;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

const isText = (value: unknown): value is { content: string } =>
  typeof value === 'object' && value !== null && 'content' in value && typeof value.content === 'string';

function problemOf({ conversations, images }: ParquetRow): string | null {
  if (!Array.isArray(conversations) || !conversations.every(isText)) return 'messages are no texts';
  const shown = conversations.reduce((sum, { content }) => sum + countImages(content), 0);
  const problem = imagesProblem(images);
  if (problem !== null) return problem;
  const count = Array.isArray(images) ? images.length : 0;
  return shown === count ? null : `messages show ${shown} images, but there are ${count}`;
}
