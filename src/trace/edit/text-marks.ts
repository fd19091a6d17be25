import { findBlocks } from '../blocks';
import { findAnswer } from '../format-rule';
import { findNames, nameOf } from '../names';
import type { Span } from '../python-text';
import type { Trace } from '../trace';
import type { ImagePairs } from './image-pairs';
import type { KeylessMark } from './mark';
import { thinkOf } from './prose-changes';
import { numbersOf, type ShapePair } from './shape-pairs';

/** What is looked for in a text: shapes that are not what they were, by the words and the numbers that name them. */
interface Wanted {
  readonly names: Map<string, ShapePair>;
  readonly numbers: Map<string, ShapePair>;
}

/**
 * Where think texts and answers name what is no longer so. A shape is looked for from its own turn to the next one that
 * draws its label again. Turns that came new are left out, and numbers of images that were `written` (see `writtenText`):
 * whoever wrote them saw what is there.
 */
export function textMarks(
  after: Trace,
  origins: readonly (number | null)[],
  shapes: readonly ShapePair[],
  images: ImagePairs,
  imagesBefore: readonly { readonly turn: number | null }[],
  written: readonly (readonly Span[] | null)[],
): KeylessMark[] {
  const changed = startingPlaces(shapes, origins);
  const wanted: Wanted = { names: new Map(), numbers: new Map() };
  return after.turns.flatMap(({ text, drawings }, turn) => {
    const origin = origins[turn] ?? null;
    const starting = changed.get(turn) ?? [];
    for (const shape of starting) look(shape, wanted);
    const spans = proseOf(text);
    const found =
      origin === null
        ? []
        : [
            ...nameMarks(text, spans, turn, origin, wanted.names),
            ...numberMarks(text, spans, turn, origin, wanted.numbers),
            ...imageMarks(text, spans, turn, origin, images, imagesBefore).filter(
              ({ span }) =>
                !(written[turn] ?? []).some((one) => one.start < span.end && span.start < one.end),
            ),
          ];
    const own = new Set(starting.map(({ before }) => nameOf(before.label)));
    for (const { label } of drawings) if (!own.has(nameOf(label))) wanted.names.delete(nameOf(label));
    return found;
  });
}

/** The shapes that are not what they were, by the turn from which on they are looked for. */
function startingPlaces(
  shapes: readonly ShapePair[],
  origins: readonly (number | null)[],
): ReadonlyMap<number, readonly ShapePair[]> {
  const places = new Map(origins.flatMap((origin, turn) => (origin === null ? [] : [[origin, turn]])));
  const starting = new Map<number, ShapePair[]>();
  for (const shape of shapes) {
    if (shape.after !== null && isSame(shape)) continue;
    // What followed a turn that is gone may still name what it drew.
    const place =
      places.get(shape.turn) ?? origins.findIndex((origin) => origin !== null && origin > shape.turn);
    if (place < 0) continue;
    const there = starting.get(place);
    if (there) there.push(shape);
    else starting.set(place, [shape]);
  }
  return starting;
}

const isSame = ({ before, after }: ShapePair): boolean =>
  after?.drawing.label === before.label && numbersOf(before).join() === numbersOf(after.drawing).join();

function look(shape: ShapePair, { names, numbers }: Wanted): void {
  const name = nameOf(shape.before.label);
  if (name !== '') names.set(name, shape);
  const before = numbersOf(shape.before);
  const after = shape.after === null ? [] : numbersOf(shape.after.drawing);
  if (before.join() === after.join() || before.length !== 4) return;
  numbers.set(before.join(), shape);
  for (const point of [before.slice(0, 2), before.slice(2)]) {
    if (![after.slice(0, 2), after.slice(2)].some((one) => one.join() === point.join())) {
      numbers.set(point.join(), shape);
    }
  }
}

function nameMarks(
  text: string,
  spans: readonly Span[],
  turn: number,
  origin: number,
  names: ReadonlyMap<string, ShapePair>,
): KeylessMark[] {
  if (names.size === 0) return [];
  return findNames(text, spans, (name) => names.get(name)).map(({ span, named }) => {
    const message = `This names ${JSON.stringify(named.before.label)}, which ${whatBecame(named)}.`;
    const code = named.after === null ? 'names-removed' : 'names-changed';
    return shapeMark(code, turn, span, message, origin, named);
  });
}

function whatBecame({ before, after }: ShapePair): string {
  if (after === null) return 'is gone';
  return after.drawing.label === before.label ? 'was changed' : 'has another label';
}

const NUMBER = /-?\d+(?:\.\d+)?/g;

/** The numbers that stand in a text. */
export const numbersIn = (text: string): readonly (Span & { readonly value: number })[] =>
  Array.from(text.matchAll(NUMBER), ({ 0: word, index }) => ({
    value: Number(word),
    start: index,
    end: index + word.length,
  }));

const BETWEEN = /^[\s,;()[\]]+$/;

function numberMarks(
  text: string,
  spans: readonly Span[],
  turn: number,
  origin: number,
  numbers: ReadonlyMap<string, ShapePair>,
): KeylessMark[] {
  if (numbers.size === 0) return [];
  return spans.flatMap(({ start, end }) => {
    const found = numbersIn(text.slice(start, end)).map((one) => ({
      value: one.value,
      start: start + one.start,
      end: start + one.end,
    }));
    const marks: KeylessMark[] = [];
    for (let i = 0; i < found.length; i++) {
      for (const length of [4, 2]) {
        const run = found.slice(i, i + length);
        const shape = numbers.get(run.map(({ value }) => value).join());
        const joined = run.every((one, k) => k === 0 || BETWEEN.test(text.slice(run[k - 1]?.end, one.start)));
        const [first, last] = [run.at(0), run.at(-1)];
        if (run.length < length || !shape || !joined || !first || !last) continue;
        const message = `These are numbers that ${JSON.stringify(shape.before.label)} had before it was ${shape.after === null ? 'removed' : 'changed'}.`;
        marks.push(
          shapeMark('old-numbers', turn, { start: first.start, end: last.end }, message, origin, shape),
        );
        i += length - 1;
        break;
      }
    }
    return marks;
  });
}

const IMAGE_NUMBER = /\b(?:images?|frames?)\s+(?:number\s+|no\.?\s*|#\s*)?(\d{1,6})\b/giu;

/** The number must have meant an image when the turn was spoken. */
function imageMarks(
  text: string,
  spans: readonly Span[],
  turn: number,
  origin: number,
  images: ImagePairs,
  imagesBefore: readonly { readonly turn: number | null }[],
): KeylessMark[] {
  return spans.flatMap(({ start, end }) =>
    Array.from(text.slice(start, end).matchAll(IMAGE_NUMBER)).flatMap((match): KeylessMark[] => {
      const was = Number(match[1]);
      const image = imagesBefore[was - 1];
      const now = images.now(was) ?? null;
      if (image === undefined || (image.turn ?? -1) >= origin || now === was) return [];
      const span = { start: start + match.index, end: start + match.index + match[0].length };
      const message = now === null ? `Image ${was} is gone.` : `Image ${was} is image ${now} now.`;
      return [
        {
          code: 'old-image',
          turn,
          span,
          message,
          about: { kind: 'image', was, now },
          parts: [origin, was, now],
        },
      ];
    }),
  );
}

function shapeMark(
  code: KeylessMark['code'],
  turn: number,
  span: Span,
  message: string,
  origin: number,
  shape: ShapePair,
): KeylessMark {
  const { before, after, place } = shape;
  const about = { kind: 'shape', turn: shape.turn, place, before, after: after?.drawing ?? null } as const;
  return { code, turn, span, message, about, parts: [origin, about] };
}

/** The think text and the answer, without the blocks in them. */
export function proseOf(text: string): Span[] {
  const blocks = findBlocks(text).map(({ outer }) => outer);
  return [thinkOf(text), findAnswer(text)].flatMap((span) => (span === null ? [] : without(span, blocks)));
}

function without(span: Span, cut: readonly Span[]): Span[] {
  const parts: Span[] = [];
  let { start } = span;
  for (const one of cut) {
    if (one.end <= start || one.start >= span.end) continue;
    if (one.start > start) parts.push({ start, end: one.start });
    start = Math.max(start, one.end);
  }
  if (start < span.end) parts.push({ start, end: span.end });
  return parts;
}
