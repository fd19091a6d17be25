import type { ReadTrace } from '../trace/derive';
import { isLine } from '../trace/drawing';
import { numbersOf } from '../trace/edit/shape-pairs';
import { isAscii } from '../trace/python-text';
import { Fingerprint } from './fingerprint';

/** Coordinates within a cell of so many pixels count as the same. */
const CELL = 8;

/** Finds traces that say the same. Remembers a number a trace. */
export class NearDuplicates {
  private readonly known = new Set<number>();

  /** Whether a trace of this likeness was added before. */
  add(likeness: number): boolean {
    const isKnown = this.known.has(likeness);
    this.known.add(likeness);
    return isKnown;
  }
}

/**
 * A number that traces have in common that say the same: the same words but for numbers, and the same shapes to within some
 * pixels. See `Fingerprint`.
 */
export function likenessOf({ parsed, turns }: ReadTrace<{ readonly text: string }>): number {
  const print = new Fingerprint();
  for (const { text } of turns) addWords(print, text);
  for (const { drawings } of parsed) {
    for (const drawing of drawings) {
      print.add(drawing.index);
      print.add(Number(isLine(drawing)));
      for (const number of numbersOf(drawing)) print.add(Math.round(number / CELL));
      print.addText(drawing.label);
    }
  }
  return print.value;
}

const [SPACE, SMALL_A, SMALL_Z] = [0x20, 0x61, 0x7a];

/** The letters of a text in lower case, and one space for all that stands between them. */
function addWords(print: Fingerprint, text: string): void {
  const lower = text.toLowerCase();
  const known = isAscii(lower) ? lower : lower.replaceAll(/\P{L}+/gu, ' ');
  let inWord = true;
  for (let at = 0; at < known.length; at++) {
    const code = known.charCodeAt(at);
    const isLetter = (code >= SMALL_A && code <= SMALL_Z) || code >= 0x80;
    if (isLetter) print.add(code);
    else if (inWord) print.add(SPACE);
    inWord = isLetter;
  }
  print.end();
}
