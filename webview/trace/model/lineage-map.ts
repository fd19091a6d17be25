import type { LineageImage } from '../../../src/trace/lineage';

/** One row of the map of images: a node in a lane, and the lanes that pass by it, as in a history of commits. */
export interface LineageRow {
  readonly image: LineageImage;
  /** The lane of its node, from 0. */
  readonly lane: number;
  /** The lane of the image it was drawn on; null for an input. */
  readonly from: number | null;
  /** Lanes that go on through the row. */
  readonly through: readonly number[];
  /** Whether images further down were drawn on it. */
  readonly goesOn: boolean;
}

/**
 * Lays out the images of a trace, one a row, each followed by those that were drawn on it. An image stays in the lane of
 * the one it was drawn on if it is the last that was drawn on that one, and else opens the first free lane. Lanes of
 * images that nothing was drawn on are free again.
 */
export function mapLineage(images: readonly LineageImage[]): LineageRow[] {
  const lastChild = new Map<number, number>();
  for (const { number, base } of images) if (base !== null) lastChild.set(base, number);
  /** The image whose line runs down each lane. */
  const lanes: (number | null)[] = [];
  const laneOf = new Map<number, number>();
  return inOrderOfDescent(images).map((image) => {
    const { number, base } = image;
    const from = base === null ? null : (laneOf.get(base) ?? null);
    const takesOver = base !== null && lastChild.get(base) === number;
    const lane = takesOver && from !== null ? from : firstFree(lanes);
    const through = lanes.flatMap((owner, i) => (owner !== null && i !== lane ? [i] : []));
    const goesOn = lastChild.has(number);
    lanes[lane] = goesOn ? number : null;
    laneOf.set(number, lane);
    return { image, lane, from, through, goesOn };
  });
}

/** Each image before those that were drawn on it, and all of those before the next that was drawn on the same. */
function inOrderOfDescent(images: readonly LineageImage[]): LineageImage[] {
  const children = new Map<number | null, LineageImage[]>();
  for (const image of images) {
    const siblings = children.get(image.base);
    if (siblings) siblings.push(image);
    else children.set(image.base, [image]);
  }
  const ordered: LineageImage[] = [];
  const waiting = (children.get(null) ?? []).toReversed();
  for (let image = waiting.pop(); image; image = waiting.pop()) {
    ordered.push(image);
    waiting.push(...(children.get(image.number) ?? []).toReversed());
  }
  return ordered;
}

function firstFree(lanes: readonly (number | null)[]): number {
  const free = lanes.indexOf(null);
  return free < 0 ? lanes.length : free;
}
