import { escapeTemplate } from '../template';
import type { Size } from './rows';

/** A text and the numbers that are known of it, by the names of their placeholders. */
export interface NumberedText {
  readonly text: string;
  readonly known: Readonly<Record<string, number>>;
}

/** One template for many texts. `sizes[i]` are width and height as text `i` says them, where it does. */
export interface NumberTemplate {
  readonly template: string;
  readonly sizes: readonly (Size | null)[];
  /** Whether it was taken for granted that of two sizes the first is the width: nothing in the texts tells. */
  readonly assumed: boolean;
}

/** Numbers below this are no sides of an image: one token's patch has 28 pixels. */
const LEAST_SIDE = 28;
/** A number of images that is the same in all texts and smaller than this may as well be another number. */
const LEAST_COUNT = 5;

/** What a text is but for its numbers. */
export function skeleton(text: string): string {
  return text.replaceAll(/\d+/g, '#');
}

/**
 * The template of texts that have the same skeleton: each number becomes the placeholder whose known value it has in
 * every text, or, if it is the same everywhere, stays. Where no text knows its `width` and `height` (nor a `count` of images,
 * which have sizes of their own), two numbers that are large enough in all texts are taken for them. Null if there is a number that varies and is none of these.
 */
export function numberTemplate(texts: readonly NumberedText[]): NumberTemplate | null {
  const [first] = texts;
  if (!first) return null;
  const rows = texts.map(({ text }) => [...text.matchAll(/\d+/g)].map(([digits]) => digits));
  const slots = (rows[0] ?? []).map((_, slot) => rows.map((row) => row[slot] ?? ''));
  const names = [...new Set(texts.flatMap(({ known }) => Object.keys(known)))];
  const sizesKnown = names.includes('width') || names.includes('count');
  const large = slots.map((values) => !sizesKnown && values.every((value) => Number(value) >= LEAST_SIDE));
  const pair = large.filter(Boolean).length === 2;
  let assumed = false;
  const used: string[] = [];
  const fills = slots.map((values, slot) => {
    const fitting = names.filter((name) =>
      values.every((value, i) => value === String(texts[i]?.known[name])),
    );
    const constant = values.every((value) => value === values[0]);
    let name = choose(fitting, used, constant, Number(values[0]));
    if (name === undefined && pair && large[slot]) {
      name = used.includes('width') ? 'height' : 'width';
      assumed = true;
    }
    if (name !== undefined) {
      used.push(name);
      return `{${name}}`;
    }
    return constant ? values[0] : undefined;
  });
  if (fills.includes(undefined)) return null;
  const between = first.text.split(/\d+/).map(escapeTemplate);
  const template = between.map((piece, i) => piece + (fills[i] ?? '')).join('');
  const sizes = rows.map((row) => {
    const [width, height] = ['{width}', '{height}'].map((fill) => Number(row[fills.indexOf(fill)]));
    return width !== undefined && height !== undefined && width > 0 && height > 0
      ? ([width, height] as const)
      : null;
  });
  return { template, sizes, assumed };
}

/** Which of the placeholders that fit a number it is; undefined if it is rather the number itself. */
function choose(
  fitting: readonly string[],
  used: readonly string[],
  constant: boolean,
  value: number,
): string | undefined {
  if (fitting.includes('width') && fitting.includes('height')) {
    // Squares only: the two take turns.
    const count = (name: string) => used.filter((one) => one === name).length;
    return count('width') > count('height') ? 'height' : 'width';
  }
  const [name] = fitting;
  if (!constant || name === 'width' || name === 'height') return name;
  if (name === 'count') return value >= LEAST_COUNT ? name : undefined;
  return used.includes('index') ? undefined : name;
}
