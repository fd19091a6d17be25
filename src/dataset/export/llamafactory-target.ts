import type { EditedItem } from './edited-items';
import type { ExportTarget, ImageCounts, Prepared, TrainerAdvice } from './export-target';
import { stageSettings } from './llamafactory-stages';
import type { NewFile } from './new-folder';
import { RowFields } from './row-fields';
import { addCounts, makeSample, rewordedNotes, type SampleOptions } from './sample';
import { TrainerNeeds } from './trainer-needs';
import { verifySamples } from './verify-samples';

export interface LlamaFactoryOptions extends Omit<SampleOptions, 'signal'> {
  /** Names the data set, and its file. */
  readonly name: string;
}

const INFO = 'dataset_info.json';

/**
 * LLaMA-Factory's sharegpt form, as upstream's data sets have it: `NAME.json`, a JSON array with a sample a line,
 * `dataset_info.json`, which names the data set `NAME`, settings for each stage, and `images/ITEM/image_N.png`.
 */
export class LlamaFactoryTarget implements ExportTarget {
  readonly images: ImageCounts = { copied: 0, linked: 0, resized: 0, drawn: 0 };
  private samples = 0;
  private readonly fields = new RowFields();
  private readonly needs = new TrainerNeeds();

  private constructor(
    private readonly options: LlamaFactoryOptions,
    private readonly file: NewFile,
  ) {}

  static async open(options: LlamaFactoryOptions): Promise<LlamaFactoryTarget> {
    const file = await options.folder.stream(`${options.name}.json`);
    return new LlamaFactoryTarget(options, file);
  }

  async prepare(edited: EditedItem, signal: AbortSignal): Promise<Prepared> {
    const sample = await makeSample(edited, `images/${edited.item.index}`, { ...this.options, signal });
    const { messages, row, placed, counts } = sample;
    const notes = rewordedNotes(sample);
    return {
      notes,
      write: async () => {
        const { fitting, others } = this.fields.take(row);
        if (others.length > 0) notes.push(unlike(others));
        this.needs.add(
          messages,
          placed.map(({ size }) => size),
        );
        addCounts(this.images, counts);
        const images = placed.map(({ path }) => path);
        const text = JSON.stringify({ ...fitting, conversations: messages, images });
        await this.file.write(`${this.samples++ === 0 ? '[\n' : ',\n'}${text}`);
      },
    };
  }

  async finish(): Promise<void> {
    const { folder, name } = this.options;
    await this.file.write(this.samples === 0 ? '[]\n' : '\n]\n');
    await this.file.end();
    const info = {
      [name]: {
        file_name: `${name}.json`,
        formatting: 'sharegpt',
        columns: { messages: 'conversations', images: 'images' },
        tags: {
          role_tag: 'role',
          content_tag: 'content',
          user_tag: 'user',
          assistant_tag: 'assistant',
          system_tag: 'system',
        },
      },
    };
    await folder.write(INFO, `${JSON.stringify(info, null, 2)}\n`);
    for (const [file, text] of Object.entries(stageSettings(name, this.advice)))
      await folder.write(file, text);
    await verifySamples(await folder.place(`${name}.json`), folder.partial, this.samples);
  }

  get advice(): TrainerAdvice {
    return this.needs.advice;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

function unlike(fields: readonly string[]): string {
  const names = fields.map((name) => JSON.stringify(name)).join(', ');
  const [what, be] = fields.length === 1 ? ['field', 'is'] : ['fields', 'are'];
  return `Its ${what} ${names} ${be} left out: an earlier row has another type of value there, and a trainer reads only one.`;
}
