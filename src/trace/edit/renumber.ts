import { drawTurn, inputImages, type LineageImage } from '../lineage';
import { parseTurn } from '../parse-turn';
import type { Trace } from '../trace';
import { applyChanges, type Change } from './change';
import { changeDrawings, withValues } from './drawing-changes';
import type { DrawingValues } from './drawing-values';
import { ImagePairs, imagesByTurn, imagesOf } from './image-pairs';
import { inputOrigins } from './input-origins';
import { turnOrigins } from './turn-origins';

/**
 * What keeps every drawing on the image that it was on, to come after `changes` of `trace` that shift the numbers of images:
 * each `index` is taken for a number before them. A drawing whose image is gone, or comes only later, keeps its number.
 */
export function renumber(trace: Trace, changes: readonly Change[]): Change[] {
  const after = applyChanges(trace, changes);
  const pairs = new ImagePairs(inputOrigins(trace.images, changes));
  return follow(trace, changes, after, pairs, (index) => index);
}

/**
 * The same for `changes` of the input images: `inputs` says of each of them which number it had, null for one that is new.
 * What names no image then, or named none before, means none after it either: it keeps its number where that is so, and gets
 * 0 where it would mean another image.
 */
export function renumberInputs(
  trace: Trace,
  changes: readonly Change[],
  inputs: readonly (number | null)[],
): Change[] {
  const after = applyChanges(trace, changes);
  const pairs = new ImagePairs(inputs);
  return follow(trace, changes, after, pairs, (index, count) => (index < 1 || index > count ? index : 0));
}

/** @param dangling gives the number of a drawing that names no image of the `count` that there are before its turn. */
function follow(
  trace: Trace,
  changes: readonly Change[],
  after: Trace,
  pairs: ImagePairs,
  dangling: (index: number, count: number) => number,
): Change[] {
  const origins = turnOrigins(trace.turns.length, changes);
  const olds = imagesByTurn(imagesOf(trace));
  const images: LineageImage[] = inputImages(after.images.length);
  return after.turns.flatMap(({ text }, turn) => {
    const { drawings } = parseTurn(text);
    const wanted = new Map<number, DrawingValues>();
    drawings.forEach(({ index }, i) => {
      const now = pairs.now(index) ?? dangling(index, images.length);
      if (now !== index) wanted.set(i, { index: now });
    });
    if (turn < after.turns.length - 1) {
      const placed = drawings.map((one, i) => withValues(one, wanted.get(i) ?? {}));
      const drawn = drawTurn(images, { drawings: placed }, turn, after.run?.limits.maxImages);
      images.push(...drawn.images);
      const origin = origins[turn] ?? null;
      if (origin !== null) pairs.pairDrawn(olds.get(origin) ?? [], drawn.images);
    }
    return changeDrawings(after, turn, wanted);
  });
}
