import type { LineageImage } from '../lineage';
import { parseTurn } from '../parse-turn';
import type { Trace } from '../trace';
import { applyChanges, type Change } from './change';
import { type ImagePairs, imagesOf, paintOf, pairImages } from './image-pairs';
import { digest, type KeylessMark, type Mark, withKeys } from './mark';
import { pairShapes, type ShapePair } from './shape-pairs';
import { textMarks } from './text-marks';
import { turnOrigins } from './turn-origins';

/** What became of one image. */
export interface ImageChange {
  /** Its number after the changes. */
  readonly number: number;
  /** Its number before them; null if it is new. */
  readonly was: number | null;
  /** Whether its pixels are others: its list, or anything below it, is not what it was. A new image is changed. */
  readonly changed: boolean;
}

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
  const pairs = pairImages(before, after, origins);
  const [olds, news] = [imagesOf(before), imagesOf(after)];
  const names = new Map<string, number>();
  const [oldPixels, newPixels] = [pixelIds(olds, before, names), pixelIds(news, after, names)];
  const images = news.map(({ number }): ImageChange => {
    const was = pairs.was(number) ?? null;
    return { number, was, changed: was === null || oldPixels[was - 1] !== newPixels[number - 1] };
  });
  const shapes = pairShapes(before, after, origins);
  const marks = [
    ...shapeMarks(after, origins, shapes, pairs, images, olds, news),
    ...textMarks(after, origins, shapes, pairs, olds),
  ];
  return {
    images,
    gone: olds.flatMap(({ number }) => (pairs.now(number) === undefined ? [number] : [])),
    marks: withKeys(marks.sort((a, b) => a.turn - b.turn || a.span.start - b.span.start)),
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

/** Shapes that nobody changed, on images that are not what they were. */
function shapeMarks(
  after: Trace,
  origins: readonly (number | null)[],
  shapes: readonly ShapePair[],
  pairs: ImagePairs,
  images: readonly ImageChange[],
  olds: readonly LineageImage[],
  news: readonly LineageImage[],
): KeylessMark[] {
  const located = after.turns.map(({ text }) => parseTurn(text).located);
  const states = stateNames(news);
  return shapes.flatMap(({ turn, place, before, after: now }): KeylessMark[] => {
    if (now === null || origins[now.turn] !== turn || !isUntouched(before, now.drawing)) return [];
    const old = olds[before.index - 1];
    if (old === undefined || (old.turn ?? -1) >= turn) return [];
    const span = located[now.turn]?.[now.place]?.span;
    const image = news[now.drawing.index - 1];
    const there = image !== undefined && (image.turn ?? -1) < now.turn;
    const change = images[now.drawing.index - 1];
    const label = JSON.stringify(before.label);
    const at = (code: KeylessMark['code'], message: string, state: string): KeylessMark[] => {
      const about = { kind: 'image', was: before.index, now: pairs.now(before.index) ?? null } as const;
      return span
        ? [{ code, turn: now.turn, span, message, about, parts: [turn, place, before, state] }]
        : [];
    };
    if (!there)
      return at('drawn-on-gone', `${label} is drawn on image ${now.drawing.index}, which is gone.`, '');
    const state = states[now.drawing.index - 1] ?? '';
    if (change?.was !== before.index) {
      const message = `${label} was drawn on another image than the one that is image ${now.drawing.index} now.`;
      return at('drawn-on-other', message, state);
    }
    if (!change.changed) return [];
    return at(
      'drawn-on-changed',
      `${label} is drawn on image ${now.drawing.index}, which has changed.`,
      state,
    );
  });
}

const isUntouched = (before: object, now: object): boolean =>
  JSON.stringify({ ...before, index: 0 }) === JSON.stringify({ ...now, index: 0 });

/** What each image shows, as a short name that is the same each time. */
function stateNames(images: readonly LineageImage[]): string[] {
  const names: string[] = [];
  for (const { base, number, canvas } of images) {
    names.push(digest(base === null ? `${number}` : `${names[base - 1]} ${paintOf(canvas)}`));
  }
  return names;
}
