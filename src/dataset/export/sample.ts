import type { ImageRenderer } from '../../image/render';
import type { PromptProfile } from '../../reason/profile';
import { deriveTurns } from '../../trace/derive';
import { conversationOf, type TraceConversation } from './conversation';
import type { EditedItem } from './edited-items';
import type { ImageCounts, ImageMode } from './export-target';
import type { NewFolder } from './new-folder';
import { isTrainingRow, ownPictures, readyIf } from './own-pictures';
import type { LocateImage } from './picture';
import { type Placed, SampleImages } from './sample-images';

export interface SampleOptions {
  readonly folder: NewFolder;
  readonly profile: PromptProfile;
  readonly renderer: ImageRenderer;
  readonly locate: LocateImage;
  readonly mode: ImageMode;
  /** Whether the items of the source are lines of a trace file. */
  readonly fromTraces: boolean;
  readonly signal: AbortSignal;
}

/** A trace as a conversation, and its images in the new folder. */
export interface Sample extends TraceConversation {
  readonly placed: readonly Placed[];
  readonly counts: Readonly<ImageCounts>;
}

/** Makes the sample of a trace, with its images in `dir`. Throws `CannotExport`, and then leaves nothing in the folder. */
export async function makeSample(
  { trace, original }: EditedItem,
  dir: string,
  options: SampleOptions,
): Promise<Sample> {
  const { profile, folder } = options;
  const lineage = deriveTurns(trace.images.length, trace.turns, trace.run?.limits.maxImages).images;
  // The files that a trace in a trace file once came with may be older than the trace.
  const areReady = !options.fromTraces && isTrainingRow(original);
  const own = areReady ? ownPictures(original, trace, lineage) : new Map<number, string>();
  const images = new SampleImages(dir, trace, lineage, {
    ...options,
    own,
    isReady: readyIf(areReady, original),
  });
  try {
    // What cannot be said needs no images; their sizes are not known yet, but no matter for that.
    const nowhere = lineage.map(() => ({ width: 28, height: 28 }));
    conversationOf({ trace, original }, lineage, nowhere, profile);
    const placed = await images.make();
    const sizes = placed.map(({ size }) => size);
    const conversation = conversationOf({ trace, original }, lineage, sizes, profile);
    return { ...conversation, placed, counts: images.counts };
  } catch (error) {
    await folder.remove(dir);
    throw error;
  }
}

/** What is said of a sample whose words are not its own any more. */
export const rewordedNotes = ({ reworded }: Sample): string[] =>
  reworded ? ['Its own messages no longer fit its edits; the prompt profile words them.'] : [];

/** Adds the images of one sample to those of all. */
export function addCounts(to: ImageCounts, more: Readonly<ImageCounts>): void {
  for (const how of ['copied', 'linked', 'resized', 'drawn'] as const) to[how] += more[how];
}
