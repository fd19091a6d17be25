import { drawTurn, inputImages, type LineageImage } from '../lineage';
import { parseTurn } from '../parse-turn';
import type { Trace } from '../trace';
import { applyChanges, type Change } from './change';
import { changeDrawings, withValues } from './drawing-changes';
import type { DrawingValues } from './drawing-values';
import { ImagePairs, imagesByTurn, imagesOf } from './image-pairs';
import { turnOrigins } from './turn-origins';

/**
 * What keeps every drawing on the image that it was on, to come after `changes` of `trace` that shift the numbers of images:
 * each `index` is taken for a number before them. A drawing whose image is gone, or comes only later, keeps its number.
 */
export function renumber(trace: Trace, changes: readonly Change[]): Change[] {
  const after = applyChanges(trace, changes);
  const origins = turnOrigins(trace.turns.length, changes);
  const olds = imagesByTurn(imagesOf(trace));
  const pairs = new ImagePairs(trace.images, after.images);
  const images: LineageImage[] = inputImages(after.images.length);
  return after.turns.flatMap(({ text }, turn) => {
    const { drawings } = parseTurn(text);
    const wanted = new Map<number, DrawingValues>();
    drawings.forEach(({ index }, i) => {
      const now = pairs.now(index);
      if (now !== undefined && now !== index) wanted.set(i, { index: now });
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
