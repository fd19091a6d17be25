import type { Size } from '../../../trace/geometry';
import type { LineageImage } from '../../../trace/lineage';

/** The number of an image and its size, as in `image is 2 (width: 616, height: 448)`. */
const SIZE = /\b(\d{1,5})\s*\(w(?:idth)?:?\s*(\d{1,6}),\s*h(?:eight)?:?\s*(\d{1,6})\)/gi;
/** The size of image 1 in a system message, as in `its bottom right corner is (616, 448)`. */
const CORNER = /\bcorner\b[^\n()]{0,40}\((\d{1,6}),\s*(\d{1,6})\)/i;

/**
 * The model-space sizes of the input images as far as the messages say them, of an input itself or of an image that was
 * drawn on it; null where they say nothing. What is said first counts.
 */
export function saidSizes(
  system: string | null,
  users: readonly string[],
  images: readonly LineageImage[],
): (Size | null)[] {
  const sizes = new Map<number, Size>();
  const learn = (root: number | undefined, width: number, height: number) => {
    if (root !== undefined && width > 0 && height > 0 && !sizes.has(root)) sizes.set(root, { width, height });
  };
  for (const text of users) {
    for (const [, number, width, height] of text.matchAll(SIZE)) {
      learn(images[Number(number) - 1]?.root, Number(width), Number(height));
    }
  }
  const corner = CORNER.exec(system ?? '');
  if (corner !== null) learn(1, Number(corner[1]), Number(corner[2]));
  return images.filter(({ base }) => base === null).map(({ number }) => sizes.get(number) ?? null);
}
