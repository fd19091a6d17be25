import { LiteralError } from './literal';

/** What stands at one place of the text: a number without its sign. */
export interface ScannedNumber {
  readonly form: 'int' | 'float' | 'complex';
  readonly value: number;
  readonly end: number;
}

/** Python refuses to read a decimal integer of more digits (`sys.int_info.default_max_str_digits`). */
const MOST_DECIMAL_DIGITS = 4300;

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isHexDigit = (code: number): boolean =>
  isDigit(code) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
const [POINT, ZERO, UNDERSCORE] = [0x2e, 0x30, 0x5f];

/** The bases that have a prefix, by its letter in lower case. */
const BASES: Readonly<Record<string, (code: number) => boolean>> = {
  x: isHexDigit,
  o: (code) => code >= 0x30 && code <= 0x37,
  b: (code) => code === 0x30 || code === 0x31,
};

/**
 * Reads a number of Python's grammar (decimal, hexadecimal, octal, binary, float, imaginary; single underscores between
 * digits) that starts at `start`, where a digit or a point with a digit after it stands.
 */
export function scanNumber(text: string, start: number, end: number): ScannedNumber {
  return scanShortInt(text, start, end) ?? scanAnyNumber(text, start, end);
}

/** Whether a number without a sign starts here. */
export function startsNumber(text: string, at: number, end: number): boolean {
  if (at >= end) return false;
  const code = text.charCodeAt(at);
  return isDigit(code) || (code === POINT && at + 1 < end && isDigit(text.charCodeAt(at + 1)));
}

/** Digits alone, as coordinates mostly are, up to 15, whose sum is exact; null for any other number. */
function scanShortInt(text: string, start: number, end: number): ScannedNumber | null {
  let at = start;
  let value = 0;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) {
      if (code === POINT || isNameCode(code)) return null;
      break;
    }
    value = value * 10 + (code - ZERO);
  }
  const length = at - start;
  const hasLeadingZero = length > 1 && text.charCodeAt(start) === ZERO;
  return length === 0 || length > 15 || hasLeadingZero ? null : { form: 'int', value, end: at };
}

function scanAnyNumber(text: string, start: number, end: number): ScannedNumber {
  const letter = text.charAt(start + 1).toLowerCase();
  const inBase = text.charAt(start) === '0' && start + 1 < end ? BASES[letter] : undefined;
  if (inBase) {
    const first = text.charCodeAt(start + 2) === UNDERSCORE ? start + 3 : start + 2;
    const stop = digits(text, first, end, inBase);
    if (stop === first) throw new LiteralError(`no digit after "0${letter}"`, { start, end: stop });
    return {
      form: 'int',
      value: Number(`0${letter}${plain(text, first, stop)}`),
      end: checkEnd(text, stop, end),
    };
  }
  return scanDecimal(text, start, end);
}

function scanDecimal(text: string, start: number, end: number): ScannedNumber {
  let at = digits(text, start, end, isDigit);
  const whole = plain(text, start, at);
  let float = false;
  if (at < end && text.charAt(at) === '.') {
    float = true;
    at = digits(text, at + 1, end, isDigit);
  }
  if (at < end && text.charAt(at).toLowerCase() === 'e') {
    const sign = text.charAt(at + 1);
    const first = at + (sign === '+' || sign === '-' ? 2 : 1);
    const stop = digits(text, first, end, isDigit);
    if (stop === first) throw new LiteralError('no digit in the exponent', { start, end: at + 1 });
    float = true;
    at = stop;
  }
  if (at < end && text.charAt(at).toLowerCase() === 'j') {
    return { form: 'complex', value: Number.NaN, end: checkEnd(text, at + 1, end) };
  }
  checkEnd(text, at, end);
  if (float) return { form: 'float', value: Number(plain(text, start, at)), end: at };
  if (whole.length > 1 && whole.startsWith('0') && !isAllZeros(whole)) {
    throw new LiteralError('leading zeros are not allowed in an integer', { start, end: at });
  }
  if (whole.length > MOST_DECIMAL_DIGITS) {
    throw new LiteralError(`an integer of more than ${MOST_DECIMAL_DIGITS} digits`, { start, end: at });
  }
  return { form: 'int', value: Number(whole), end: at };
}

/** Where a run of digits with single underscores between them ends. */
function digits(text: string, start: number, end: number, inBase: (code: number) => boolean): number {
  let at = start;
  while (at < end && inBase(text.charCodeAt(at))) {
    at++;
    if (text.charCodeAt(at) === UNDERSCORE && at + 1 < end && inBase(text.charCodeAt(at + 1))) at++;
  }
  return at;
}

const plain = (text: string, start: number, end: number): string =>
  text.slice(start, end).replaceAll('_', '');

function isAllZeros(digitsOnly: string): boolean {
  for (let i = 0; i < digitsOnly.length; i++) if (digitsOnly.charCodeAt(i) !== 0x30) return false;
  return true;
}

/** A letter, digit or underscore right after a number makes it no number. */
function checkEnd(text: string, at: number, end: number): number {
  if (at < end && isNameCode(text.charCodeAt(at))) {
    throw new LiteralError('a number followed by a letter', { start: at, end: at + 1 });
  }
  return at;
}

/** Whether a code unit can be part of a Python name; what lies beyond ASCII and ends no line is taken for a letter. */
export function isNameCode(code: number): boolean {
  if (code >= 0x80) return code !== 0x85 && code !== 0x2028 && code !== 0x2029;
  return (
    isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === UNDERSCORE
  );
}
