import { readFile } from 'node:fs/promises';
import { UPSTREAM_TYPES } from '../../../score/scored-trace';
import { inputImages } from '../../../trace/lineage';
import type { Trace } from '../../../trace/trace';
import { type ConversationMessage, promptOf } from '../conversation';
import type { EditedItem } from '../edited-items';
import { CannotExport, type ImageCounts } from '../export-target';
import { isTrainingRow, readyIf } from '../own-pictures';
import type { ParquetImage } from '../parquet/column';
import type { SampleOptions } from '../sample';
import { type Placed, SampleImages } from '../sample-images';

/** The question of a trace, as a trainer of reinforcement learning asks it. */
export interface RlQuestion {
  readonly id: string;
  /** The system's message, if there is one, and the user's. */
  readonly prompt: readonly ConversationMessage[];
  readonly images: readonly ParquetImage[];
  readonly placed: readonly Placed[];
  readonly counts: Readonly<ImageCounts>;
  /** What the reward function is given: the right answer, and the type as upstream writes it. */
  readonly truth: { readonly answer: string; readonly type: string };
  /** The files of the pictures, as the source names them. */
  readonly paths: readonly string[];
  readonly type: Trace['type'];
  readonly kind: Trace['kind'];
}

/** Makes the question of a trace; its pictures are in `dir` of the new folder for the while. Throws `CannotExport`. */
export async function makeQuestion(
  { trace, original }: EditedItem,
  dir: string,
  options: SampleOptions,
): Promise<RlQuestion> {
  const { folder, profile, fromTraces } = options;
  const { id, gold, type, kind } = trace;
  if (gold === null) throw new CannotExport('Nobody knows the right answer, so nothing could be rewarded.');
  if (type === 'free-form')
    throw new CannotExport('The reward function gives nothing for a free-form answer.');
  const lineage = inputImages(trace.images.length);
  const areReady = !fromTraces && isTrainingRow(original);
  const own = new Map<number, string>();
  const images = new SampleImages(dir, trace, lineage, {
    ...options,
    own,
    isReady: readyIf(areReady, original),
  });
  try {
    const placed = await images.make();
    const prompt = promptOf(
      { trace, original },
      placed.map(({ size }) => size),
      profile,
    );
    const pictures: ParquetImage[] = [];
    for (const { path } of placed) pictures.push({ bytes: await readFile(await folder.place(path)), path });
    const truth = { answer: gold, type: UPSTREAM_TYPES[type] };
    const paths = trace.images.map(({ path }) => path);
    return { id, prompt, images: pictures, placed, counts: images.counts, truth, paths, type, kind };
  } finally {
    await folder.remove(dir);
  }
}

/** A text that is the same for the same question about the same pictures. */
export const sameQuestion = ({ question, options, type, kind, gold, images }: Trace): string =>
  JSON.stringify([question, options, type, kind, gold, images.map(({ path, sha256 }) => sha256 ?? path)]);
