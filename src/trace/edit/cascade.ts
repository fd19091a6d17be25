import type { LineageImage } from '../lineage';
import type { Trace } from '../trace';
import { applyChanges, type Change } from './change';
import { type ImageChange, imagesOf, paintOf, pairImages } from './image-pairs';
import { inputOrigins } from './input-origins';
import { type Mark, withKeys } from './mark';
import { markFixes } from './mark-fixes';
import { shapeMarks } from './shape-marks';
import { pairShapes } from './shape-pairs';
import { textMarks } from './text-marks';
import { turnOrigins } from './turn-origins';
import { writtenText } from './written-text';

/** What follows from changes of a trace. */
export interface Cascade {
  /** All images after the changes, in the order of their numbers. */
  readonly images: readonly ImageChange[];
  /** Numbers of the images before the changes that are there no more. */
  readonly gone: readonly number[];
  /** What may now be wrong, in the order of the turns. */
  readonly marks: readonly Mark[];
}

/**
 * Which images have other pixels after the changes, and what may be wrong because of that. It follows from the two traces
 * and from which turn became which, so that it can be made anew at any time; `after` spares applying the changes.
 */
export function traceCascade(
  before: Trace,
  changes: readonly Change[],
  after: Trace = applyChanges(before, changes),
): Cascade {
  const origins = turnOrigins(before.turns.length, changes);
  const [olds, news] = [imagesOf(before), imagesOf(after)];
  const pairs = pairImages(olds, news, inputOrigins(before.images, changes), origins);
  const names = new Map<string, number>();
  const [oldPixels, newPixels] = [pixelIds(olds, before, names), pixelIds(news, after, names)];
  const images = news.map(({ number }): ImageChange => {
    const was = pairs.was(number) ?? null;
    return { number, was, changed: was === null || oldPixels[was - 1] !== newPixels[number - 1] };
  });
  const shapes = pairShapes(before, after, origins);
  const marks = [
    ...shapeMarks({ trace: after, images: news }, origins, shapes, pairs, images, olds),
    ...textMarks(after, origins, shapes, pairs, olds, writtenText(before, changes)),
  ];
  const fixOf = markFixes({ after, olds, news, shapes, origins });
  return {
    images,
    gone: olds.flatMap(({ number }) => (pairs.now(number) === undefined ? [number] : [])),
    marks: withKeys(
      marks.sort((a, b) => a.turn - b.turn || a.span.start - b.span.start),
      fixOf,
    ),
  };
}

/** The same number for images of the same pixels: the same input below the same lists, one over the other. */
function pixelIds(images: readonly LineageImage[], trace: Trace, names: Map<string, number>): number[] {
  const ids: number[] = [];
  for (const { base, number, canvas } of images) {
    const name =
      base === null ? JSON.stringify(trace.images[number - 1]) : `${ids[base - 1]} ${paintOf(canvas)}`;
    const id = names.get(name) ?? names.size;
    names.set(name, id);
    ids.push(id);
  }
  return ids;
}
