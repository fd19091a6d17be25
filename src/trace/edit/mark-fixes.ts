import { type Drawing, isLine } from '../drawing';
import { findAnswer } from '../format-rule';
import type { LineageImage } from '../lineage';
import { nameOf, wordsOf } from '../names';
import { type ParsedTurn, parseTurn } from '../parse-turn';
import type { LocatedDrawing } from '../read-drawings';
import type { Trace } from '../trace';
import type { Change } from './change';
import { tooOdd } from './checked-edits';
import { objectText } from './drawing-changes';
import { type DrawingValues, formatNumber, valueEdits } from './drawing-values';
import type { KeylessMark, Mark, MarkFix } from './mark';
import { numbersOf, type ShapePair } from './shape-pairs';
import { applyEdits, type TextEdit, textOf, wholeChanges } from './text-edit';
import { numbersIn } from './text-marks';

/** What fixes follow from. */
export interface FixContext {
  readonly after: Trace;
  /** All images before the changes and after them. */
  readonly olds: readonly LineageImage[];
  readonly news: readonly LineageImage[];
  readonly shapes: readonly ShapePair[];
  readonly origins: readonly (number | null)[];
}

/**
 * Gives for a mark what mends it, where there is but one thing that can be meant:
 *
 * - numbers and labels that words repeat of a shape become those that it has now, if no other shape that there is by then has,
 *   or had, the same;
 * - the number of an image becomes the one that it has now, in words and in shapes;
 * - a shape on an image below which one of its label was moved or relabelled goes along by the same change.
 *
 * An answer is left alone: it is compared with the right answer, which no change of a shape makes another one.
 */
export function markFixes({
  after,
  olds,
  news,
  shapes,
  origins,
}: FixContext): (mark: KeylessMark) => MarkFix | null {
  const said = new SaidOfShapes(after, shapes);
  const texts = new Map<number, ParsedTurn>();
  const parsedAt = (turn: number): ParsedTurn => {
    const parsed = texts.get(turn) ?? parseTurn(textOf(after, turn));
    texts.set(turn, parsed);
    return parsed;
  };
  return (mark) => {
    const { code, turn, span, about } = mark;
    const raw = textOf(after, turn);
    const old = raw.slice(span.start, span.end);
    const origin = origins[turn] ?? null;
    if (origin === null) return null;
    if (about.kind === 'shape') {
      if (isInAnswer(raw, mark)) return null;
      if (code === 'old-numbers') return numbersFix(old, mark, said.nowOf(keyOf(old), turn, origin));
      if (code === 'names-changed') return nameFix(raw, mark, said.nowOf(nameOf(old), turn, origin));
      return null;
    }
    const { now } = about;
    if (code === 'old-image') return now === null || isInAnswer(raw, mark) ? null : numberFix(old, mark, now);
    const place = parsedAt(turn).located.findIndex((one) => one.span.start === span.start);
    const located = parsedAt(turn).located[place];
    if (located === undefined) return null;
    if (code === 'drawn-on-other') {
      return now !== null && isThere(news[now - 1], turn) ? shapeFix(raw, located, { index: now }) : null;
    }
    const own = shapes.find((pair) => pair.after?.turn === turn && pair.after.place === place);
    const values = own && code === 'drawn-on-changed' ? valuesAlong(own, olds, shapes) : null;
    return values === null ? null : shapeFix(raw, located, values);
  };
}

/**
 * The changes that mend what is marked; of fixes that overlap the first is taken. Throws `EditRefused` where a text is so
 * unusual that another meaning would come of it.
 */
export function fixChanges(trace: Trace, marks: readonly Pick<Mark, 'turn' | 'fix'>[]): Change[] {
  const byTurn = new Map<number, TextEdit[]>();
  for (const { turn, fix } of marks) {
    if (fix === null) continue;
    const edits = byTurn.get(turn) ?? [];
    const isFree = fix.edits.every((edit) =>
      edits.every(({ start, end }) => edit.end <= start || end <= edit.start),
    );
    if (isFree) byTurn.set(turn, [...edits, ...fix.edits]);
  }
  return [...byTurn].flatMap(([turn, edits]) => {
    const raw = textOf(trace, turn);
    const [before, after] = [parseTurn(raw), parseTurn(applyEdits(raw, edits))];
    const means = ({ action, answer, drawings, findings }: ParsedTurn) =>
      JSON.stringify([action, answer, drawings.map(isLine), findings.map(({ code }) => code)]);
    if (means(before) !== means(after)) throw tooOdd(turn);
    // Cut down to what differs, "13" that becomes "3" would not count as written, and be marked again.
    return wholeChanges(turn, raw, edits);
  });
}

/** What shapes had that words may repeat, and what they have in its place now: names and numbers, as they are looked for. */
class SaidOfShapes {
  /** What became of it, with the turn that its shape was in; null if that is gone. */
  private readonly became = new Map<string, { readonly turn: number; readonly now: string | null }[]>();
  /** The first turn after the changes with a shape that has it. */
  private readonly standing = new Map<string, number>();

  constructor(after: Trace, shapes: readonly ShapePair[]) {
    for (const { turn, before, after: pair } of shapes) {
      const now = pair === null ? [] : saidOf(pair.drawing);
      saidOf(before).forEach(({ key }, i) => {
        const known = this.became.get(key) ?? [];
        known.push({ turn, now: now[i]?.value ?? null });
        this.became.set(key, known);
      });
    }
    after.turns.forEach(({ drawings }, turn) => {
      for (const { key } of drawings.flatMap(saidOf)) {
        if (!this.standing.has(key)) this.standing.set(key, turn);
      }
    });
  }

  /**
   * What words in a turn, which was number `origin` before the changes, would have to say; null where shapes that were there
   * by then do not agree.
   */
  nowOf(key: string, turn: number, origin: number): string | null {
    if ((this.standing.get(key) ?? Number.POSITIVE_INFINITY) <= turn) return null;
    const there = (this.became.get(key) ?? []).filter((one) => one.turn <= origin);
    const [first, ...others] = there;
    return first !== undefined && others.every(({ now }) => now === first.now) ? first.now : null;
  }
}

/** What words may repeat of a shape: its label, all its numbers, and its two points. */
function saidOf(drawing: Drawing): readonly { readonly key: string; readonly value: string }[] {
  const { label } = drawing;
  const numbers = numbersOf(drawing);
  const name = { key: nameOf(label), value: label };
  if (numbers.length !== 4) return [name];
  const parts = [numbers, numbers.slice(0, 2), numbers.slice(2)];
  return [name, ...parts.map((part) => ({ key: part.join(), value: part.join() }))];
}

const keyOf = (numbers: string): string =>
  numbersIn(numbers)
    .map(({ value }) => value)
    .join();

function numbersFix(old: string, { span }: KeylessMark, now: string | null): MarkFix | null {
  if (now === null) return null;
  const wanted = now.split(',').map(Number);
  const found = numbersIn(old);
  if (found.length !== wanted.length) return null;
  return fixIn(
    old,
    span.start,
    found.flatMap(({ value, start, end }, i): TextEdit[] => {
      const number = wanted[i];
      // A number that stays keeps its form.
      return number === undefined || value === number ? [] : [{ start, end, inserted: formatNumber(number) }];
    }),
  );
}

/** A label that could be taken for more than words, as a tag or a fence, is for a person to put there. */
const PLAIN = /^[^<>`\n\r]*$/;

function nameFix(raw: string, { span, about }: KeylessMark, now: string | null): MarkFix | null {
  if (about.kind !== 'shape' || now === null || nameOf(now) === '' || !PLAIN.test(now)) return null;
  const { label } = about.before;
  const words = wordsOf(label);
  const [before, behind] = [label.slice(0, words[0]?.span.start), label.slice(words.at(-1)?.span.end)];
  // What the label has around its words goes with them.
  const start = span.start - before.length;
  const end = span.end + behind.length;
  const old = raw.slice(start, end);
  if (start < 0 || !old.startsWith(before) || !old.endsWith(behind)) return null;
  const isCapital = old !== label && old.charAt(0) === label.charAt(0).toUpperCase();
  const inserted = isCapital ? now.charAt(0).toUpperCase() + now.slice(1) : now;
  return { to: inserted, edits: [{ start, end, inserted }] };
}

function numberFix(old: string, { span }: KeylessMark, now: number): MarkFix | null {
  const place = old.search(/\d+$/);
  return place < 0
    ? null
    : fixIn(old, span.start, [{ start: place, end: old.length, inserted: String(now) }]);
}

/** @param edits in `old`, which stands at `start`. */
function fixIn(old: string, start: number, edits: readonly TextEdit[]): MarkFix | null {
  if (edits.length === 0) return null;
  const moved = edits.map((edit) => ({ ...edit, start: edit.start + start, end: edit.end + start }));
  return { to: applyEdits(old, edits), edits: moved };
}

function shapeFix(raw: string, located: LocatedDrawing, values: DrawingValues): MarkFix | null {
  const edits = valueEdits(raw, located, values);
  return edits.length === 0 ? null : { to: objectText(raw, located, values), edits };
}

/** What the shape of the same label has become that is nearest below this one, as a change of this one. */
function valuesAlong(
  { before: own }: ShapePair,
  olds: readonly LineageImage[],
  shapes: readonly ShapePair[],
): DrawingValues | null {
  const below = nearestBelow(own, olds);
  const pair = below && shapes.find(({ before }) => before === below);
  if (!pair?.after) return null;
  const now = pair.after.drawing;
  const [was, is, numbers] = [numbersOf(pair.before), numbersOf(now), numbersOf(own)];
  if (was.length !== 4 || is.length !== 4 || numbers.length !== 4) return null;
  // Decimals of the coordinates would come with those of the arithmetic.
  const at = (i: number) => Number(((numbers[i] ?? 0) + (is[i] ?? 0) - (was[i] ?? 0)).toFixed(6));
  const isMoved = was.join() !== is.join();
  const isRelabelled = now.label !== own.label;
  if (!isMoved && !isRelabelled) return null;
  return {
    ...(isMoved && { coordinates: [at(0), at(1), at(2), at(3)] }),
    ...(isRelabelled && { label: now.label }),
  };
}

/** Of the images below a shape, the last one that was drawn with its label; null if none was. */
function nearestBelow(own: Drawing, olds: readonly LineageImage[]): Drawing | null {
  for (let image = olds[own.index - 1]; image?.base != null; image = olds[image.base - 1]) {
    const same = image.drawn.findLast(({ label, ...one }) => label === own.label && isSameKind(one, own));
    if (same !== undefined) return same;
  }
  return null;
}

const isSameKind = (a: object, b: object): boolean => 'start_point_2d' in a === 'start_point_2d' in b;

const isThere = (image: LineageImage | undefined, turn: number): boolean =>
  image !== undefined && (image.turn ?? -1) < turn;

function isInAnswer(raw: string, { span }: KeylessMark): boolean {
  const answer = findAnswer(raw);
  return answer !== null && span.start >= answer.start && span.end <= answer.end;
}
