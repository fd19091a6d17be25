import { type Canvas, type Drawing, isLine, isUnpainted } from '../drawing';
import { type LineageImage, traceLineage } from '../lineage';
import type { Trace } from '../trace';
import { Queues } from './queues';

/** All images of a trace, inputs first. Its derived drawings are those of its texts. */
export function imagesOf({ images, turns, run }: Trace): readonly LineageImage[] {
  return traceLineage(images.length, turns.slice(0, -1), run?.limits.maxImages).images;
}

/** Numbers of images before some changes and after them, for those that are the same image, whatever lies on it now. */
export class ImagePairs {
  private readonly news = new Map<number, number>();
  private readonly olds = new Map<number, number>();

  /** @param inputs see `inputOrigins`. */
  constructor(inputs: readonly (number | null)[]) {
    for (const [i, was] of inputs.entries()) if (was !== null) this.join(was, i + 1);
  }

  /** The number of an image after the changes; undefined if it is gone. */
  now(old: number | null): number | undefined {
    return old === null ? undefined : this.news.get(old);
  }

  /** The number that an image had before the changes; undefined if it is new. */
  was(number: number | null): number | undefined {
    return number === null ? undefined : this.olds.get(number);
  }

  /**
   * Pairs the images that one turn drew before the changes with those it draws now: first those with the same drawings,
   * then those on the same image or an image of the same number, then the rest in their order.
   */
  pairDrawn(before: readonly LineageImage[], after: readonly LineageImage[]): void {
    const drawn = ({ drawn }: LineageImage) => JSON.stringify(drawn.map(withoutIndex));
    const base = ({ base }: LineageImage) => `${base}`;
    const baseNow = ({ base }: LineageImage) => `${this.now(base)}`;
    this.pair(before, after, [
      [(old) => `${baseNow(old)} ${drawn(old)}`, (now) => `${base(now)} ${drawn(now)}`],
      [(old) => `${base(old)} ${drawn(old)}`, (now) => `${base(now)} ${drawn(now)}`],
      [drawn, drawn],
      [baseNow, base],
      [base, base],
      [() => '', () => ''],
    ]);
  }

  private pair<T extends { readonly number: number }>(
    before: readonly T[],
    after: readonly T[],
    ways: readonly (readonly [old: (one: T) => string, now: (one: T) => string])[],
  ): void {
    for (const [oldKey, newKey] of ways) {
      const waiting = new Queues(
        before.filter(({ number }) => !this.news.has(number)),
        oldKey,
      );
      for (const one of after) {
        const old = this.olds.has(one.number) ? undefined : waiting.take(newKey(one))?.number;
        if (old === undefined) continue;
        this.join(old, one.number);
      }
    }
  }

  private join(old: number, now: number): void {
    this.news.set(old, now);
    this.olds.set(now, old);
  }
}

/** The images that each turn drew. */
export function imagesByTurn(images: readonly LineageImage[]): ReadonlyMap<number, readonly LineageImage[]> {
  const byTurn = new Map<number, LineageImage[]>();
  for (const image of images) {
    if (image.turn === null) continue;
    const drawn = byTurn.get(image.turn);
    if (drawn) drawn.push(image);
    else byTurn.set(image.turn, [image]);
  }
  return byTurn;
}

/** What became of one image. */
export interface ImageChange {
  /** Its number after the changes. */
  readonly number: number;
  /** Its number before them; null if it is new. */
  readonly was: number | null;
  /** Whether its pixels are others: its list, or anything below it, is not what it was. A new image is changed. */
  readonly changed: boolean;
}

/** A trace with all its images. */
export interface ImagedTrace {
  readonly trace: Trace;
  readonly images: readonly LineageImage[];
}

/**
 * The pairs for a whole trace: `inputs` and `origins` say which input and which turn before the changes each one after them
 * is.
 */
export function pairImages(
  before: readonly LineageImage[],
  after: readonly LineageImage[],
  inputs: readonly (number | null)[],
  origins: readonly (number | null)[],
): ImagePairs {
  const pairs = new ImagePairs(inputs);
  const [olds, news] = [imagesByTurn(before), imagesByTurn(after)];
  origins.forEach((origin, turn) => {
    if (origin !== null) pairs.pairDrawn(olds.get(origin) ?? [], news.get(turn) ?? []);
  });
  return pairs;
}

/** What of a list is painted: two lists of which this is equal give the same pixels. Labels of lines are not painted. */
export function paintOf({ boxes, lines }: Canvas): string {
  return JSON.stringify([
    boxes.map((box) => (isUnpainted(box) ? null : [box.bbox_2d, box.label])),
    lines.map(({ start_point_2d, end_point_2d }) => [start_point_2d, end_point_2d]),
  ]);
}

const withoutIndex = (drawing: Drawing) =>
  isLine(drawing)
    ? [drawing.start_point_2d, drawing.end_point_2d, drawing.label]
    : [drawing.bbox_2d, drawing.label];
