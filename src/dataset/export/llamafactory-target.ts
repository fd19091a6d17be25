import type { ImageRenderer } from '../../image/render';
import type { PromptProfile } from '../../reason/profile';
import { deriveTurns } from '../../trace/derive';
import type { InputImage } from '../../trace/trace';
import { conversationOf } from './conversation';
import type { EditedItem } from './edited-items';
import type { ExportTarget, ImageCounts, ImageMode, Prepared, TrainerAdvice } from './export-target';
import type { NewFile, NewFolder } from './new-folder';
import { isTrainingRow, ownPictures } from './own-pictures';
import type { LocateImage } from './picture';
import { RowFields } from './row-fields';
import { SampleImages } from './sample-images';
import { TrainerNeeds } from './trainer-needs';
import { verifySamples } from './verify-samples';

export interface LlamaFactoryOptions {
  readonly folder: NewFolder;
  /** Names the data set, and its file. */
  readonly name: string;
  readonly profile: PromptProfile;
  readonly renderer: ImageRenderer;
  readonly locate: LocateImage;
  readonly mode: ImageMode;
  /** Whether the items of the source are lines of a trace file. */
  readonly fromTraces: boolean;
}

const INFO = 'dataset_info.json';

/**
 * LLaMA-Factory's sharegpt form, as upstream's data sets have it: `NAME.json`, a JSON array with a sample a line,
 * `dataset_info.json`, which names the data set `NAME`, and `images/ITEM/image_N.png`.
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

  async prepare({ item, trace, original }: EditedItem, signal: AbortSignal): Promise<Prepared> {
    const { folder, profile, fromTraces } = this.options;
    const lineage = deriveTurns(trace.images.length, trace.turns, trace.run?.limits.maxImages).images;
    const dir = `images/${item.index}`;
    // The files that a trace in a trace file once came with may be older than the trace.
    const areReady = !fromTraces && isTrainingRow(original);
    const own = areReady ? ownPictures(original, trace, lineage) : new Map<number, string>();
    // One that came by an edit nobody has made ready.
    const isReady = (input: InputImage) =>
      areReady && original.images.some((one) => JSON.stringify(one) === JSON.stringify(input));
    const images = new SampleImages(dir, trace, lineage, { ...this.options, signal, own, isReady });
    try {
      // What cannot be said needs no images; their sizes are not known yet, but no matter for that.
      const nowhere = lineage.map(() => ({ width: 28, height: 28 }));
      conversationOf({ trace, original }, lineage, nowhere, profile);
      const placed = await images.make();
      const sizes = placed.map(({ size }) => size);
      const { messages, row, reworded } = conversationOf({ trace, original }, lineage, sizes, profile);
      const paths = placed.map(({ path }) => path);
      const notes = reworded
        ? ['Its own messages no longer fit its edits; the prompt profile words them.']
        : [];
      return {
        notes,
        write: async () => {
          const { fitting, others } = this.fields.take(row);
          if (others.length > 0) notes.push(unlike(others));
          this.needs.add(messages, sizes);
          for (const how of ['copied', 'linked', 'resized', 'drawn'] as const) {
            this.images[how] += images.counts[how];
          }
          const sample = JSON.stringify({ ...fitting, conversations: messages, images: paths });
          await this.file.write(`${this.samples++ === 0 ? '[\n' : ',\n'}${sample}`);
        },
      };
    } catch (error) {
      await folder.remove(dir);
      throw error;
    }
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
