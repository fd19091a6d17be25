import type { ImagePixels } from '../../view/trace-view';
import type { MadeImage, Subject, TraceImages } from './trace-images';

/** An image of a trace, by its number, in pixels of a kind. */
export interface NamedImage {
  readonly number: number;
  readonly pixels: ImagePixels;
}

/**
 * The images that a view shows first of a trace, the one on the stage before others: the input that is drawn on first, and
 * where images are shown as the model saw them, what its first turn drew.
 */
export function firstImages({ lineage }: Pick<Subject, 'lineage'>, pixels: ImagePixels): NamedImage[] {
  const input: NamedImage = { number: lineage.find(({ base }) => base !== null)?.root ?? 1, pixels: 'base' };
  const drawn = pixels === 'seen' ? lineage.find(({ turn }) => turn === 0) : undefined;
  return drawn === undefined ? [input] : [{ number: drawn.number, pixels: 'seen' }, input];
}

/** Makes them, those that can be made: what keeps others from it is said to who asks for them. */
export async function makeFirstImages(
  images: Pick<TraceImages, 'get'>,
  subject: Subject,
  pixels: ImagePixels,
): Promise<(NamedImage & { readonly made: MadeImage })[]> {
  const make = async (named: NamedImage) => ({
    ...named,
    made: await images.get(subject, named.number, named.pixels),
  });
  const made = await Promise.allSettled(firstImages(subject, pixels).map(make));
  return made.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}
