/**
 * Python's notions of white space and line ends, which differ from JavaScript's. The protocol's reference parser is
 * written in Python, so text is cut where `str.splitlines`, `str.strip` and `\s` would cut it.
 */

/** A half-open range of UTF-16 code units in a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Whether `str.isspace()` holds for this code unit: what `str.strip()` removes and `\s` matches. */
export function isPythonSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
  if (code < 0x1680) return code === 0x85 || code === 0xa0;
  return (
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** Whether all characters of a text are ASCII: of those, cheap patterns say what Unicode's classes say. */
export const isAscii = (text: string): boolean => !/[\u0080-\uffff]/.test(text);

/** Length of the line end at `at`, as `str.splitlines()` sees it: 2 for CR LF, 0 where no line ends. */
export function lineBreakAt(text: string, at: number): 0 | 1 | 2 {
  switch (text.charCodeAt(at)) {
    case 0x0d:
      return text.charCodeAt(at + 1) === 0x0a ? 2 : 1;
    case 0x0a:
    case 0x0b:
    case 0x0c:
    case 0x1c:
    case 0x1d:
    case 0x1e:
    case 0x85:
    case 0x2028:
    case 0x2029:
      return 1;
    default:
      return 0;
  }
}

/** The range without the white space at its two ends (`str.strip()`). */
export function stripSpan(text: string, span: Span): Span {
  let { start, end } = span;
  while (start < end && isPythonSpace(text.charCodeAt(start))) start++;
  while (end > start && isPythonSpace(text.charCodeAt(end - 1))) end--;
  return { start, end };
}

/** `str.strip()`. */
export function strip(text: string): string {
  const { start, end } = stripSpan(text, { start: 0, end: text.length });
  return text.slice(start, end);
}

/** The lines of a text without their line ends (`str.splitlines()`), as ranges; `next` is where the next line starts. */
export function* lineSpans(text: string): Generator<Span & { readonly next: number }> {
  let start = 0;
  let at = 0;
  while (at < text.length) {
    const length = lineBreakAt(text, at);
    if (length === 0) {
      at++;
      continue;
    }
    yield { start, end: at, next: at + length };
    at += length;
    start = at;
  }
  if (start < text.length) yield { start, end: text.length, next: text.length };
}
