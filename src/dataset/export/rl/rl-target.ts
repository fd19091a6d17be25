import type { EditedItem } from '../edited-items';
import {
  CannotExport,
  type ExportTarget,
  type ImageCounts,
  type Prepared,
  type TrainerAdvice,
} from '../export-target';
import { ParquetFile } from '../parquet/parquet-file';
import { imagesProblem, verifyParquet } from '../parquet/verify-parquet';
import { addCounts, type SampleOptions } from '../sample';
import { TrainerNeeds } from '../trainer-needs';
import rewardProgram from './reward.py';
import type { RlForm } from './rl-form';
import { makeQuestion, sameQuestion } from './rl-question';

export interface RlOptions extends Omit<SampleOptions, 'signal' | 'mode'> {
  /** Names the data set. */
  readonly name: string;
}

export const ROWS = 'train.parquet';

/**
 * Questions for reinforcement learning, each once, with their pictures in one parquet file; the reward function, and what a
 * trainer needs besides.
 */
export class RlTarget implements ExportTarget {
  readonly images: ImageCounts = { copied: 0, linked: 0, resized: 0, drawn: 0 };
  private readonly needs = new TrainerNeeds();
  /** The line of each question. */
  private readonly asked = new Map<string, { readonly line: number; readonly isMade: Promise<boolean> }>();
  private mostImages = 0;

  private constructor(
    private readonly form: RlForm,
    private readonly options: RlOptions,
    private readonly file: ParquetFile,
  ) {}

  static async open(form: RlForm, options: RlOptions): Promise<RlTarget> {
    return new RlTarget(form, options, await ParquetFile.open(options.folder, ROWS, form.columns));
  }

  async prepare(edited: EditedItem, signal: AbortSignal): Promise<Prepared> {
    const { item, trace } = edited;
    const key = sameQuestion(trace);
    for (let before = this.asked.get(key); before !== undefined; before = this.asked.get(key)) {
      // Of one that could not be exported a later trace takes the place.
      if (await before.isMade) throw new CannotExport(`Line ${before.line} asks the same.`);
      if (this.asked.get(key) === before) this.asked.delete(key);
    }
    const made = makeQuestion(edited, `images/${item.index}`, { ...this.options, mode: 'copy', signal });
    const isMade = made.then(
      () => true,
      () => false,
    );
    this.asked.set(key, { line: item.line, isMade });
    const question = await made;
    return {
      notes: [],
      write: async () => {
        this.needs.add(
          question.prompt,
          question.placed.map(({ size }) => size),
        );
        this.mostImages = Math.max(this.mostImages, question.images.length);
        addCounts(this.images, question.counts);
        await this.file.add(this.form.row(question, this.file.rows));
      },
    };
  }

  async finish(): Promise<void> {
    const { folder, name, profile } = this.options;
    const { rows } = this.file;
    await this.file.end();
    // Where pictures were made.
    await folder.remove('images');
    await verifyParquet(await folder.place(ROWS), rows, ({ images }) => imagesProblem(images));
    const promptTokens = this.needs.advice.cutoff_len;
    const files = this.form.files({ name, rows, promptTokens, images: this.mostImages, profile });
    for (const [path, text] of Object.entries({ ...files, 'reward.py': rewardProgram })) {
      await folder.write(path, text);
    }
  }

  get advice(): TrainerAdvice {
    return this.needs.advice;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
