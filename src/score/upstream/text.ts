import { isAscii, strip } from '../../trace/python-text';

/**
 * What upstream takes for the answer in a text: what stands between the first `<answer>` and the `</answer>` after it, or
 * all of the text where there is no such pair; without white space around it.
 */
export function extractAnswer(text: string): string {
  const opening = text.indexOf('<answer>');
  const start = opening + '<answer>'.length;
  const end = opening < 0 ? -1 : text.indexOf('</answer>', start);
  return strip(end < 0 ? text : text.slice(start, end));
}

const NUMBER = /[-+]?\p{Nd}*\.?\p{Nd}+/u;

/** The first number in a text, as Python's `float` reads the digits of any script; null where there is none. */
export function firstNumber(text: string): number | null {
  const found = NUMBER.exec(text)?.[0];
  return found === undefined ? null : Number(asciiDigits(found));
}

const DIGITS = String.raw`\d+(?:_\d+)*`;
const FLOAT = new RegExp(
  String.raw`^[+-]?(?:${DIGITS}(?:\.(?:${DIGITS})?)?|\.${DIGITS})(?:e[+-]?${DIGITS})?$`,
);

/** A text of digits as Python's `float(str)` reads it; null where that raises `ValueError`. */
export function pythonFloat(text: string): number | null {
  const plain = asciiDigits(strip(text)).toLowerCase();
  const named = /^([+-]?)(inf|infinity|nan)$/.exec(plain);
  if (named !== null) {
    if (named[2] === 'nan') return Number.NaN;
    return named[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return FLOAT.test(plain) ? Number(plain.replaceAll('_', '')) : null;
}

/** Digits of other scripts as those of ASCII. */
function asciiDigits(text: string): string {
  if (isAscii(text)) return text;
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    if (code < 0x80) return digit;
    // Each script's digits stand in a row, from 0 to 9; those of mathematics in several rows, one after another.
    let zero = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
    return String((code - zero) % 10);
  });
}
