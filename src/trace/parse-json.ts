import { findJsonError, type JsonPlace, jsonDepth } from './json-place';

/** Deeper JSON overflows the stack of who walks it or writes it again. */
export const DEEPEST_JSON = 1000;

/** Why a text is not taken as JSON: it is `too-deep`, or no JSON from `place` on. */
export type JsonFault =
  | { readonly fault: 'too-deep' }
  | { readonly fault: 'no-json'; readonly place: JsonPlace; readonly reason: string };

/** Whether as many brackets open as make a text too deep; most have fewer, and are not gone through one by one. */
function mayBeDeep(text: string): boolean {
  let openings = 0;
  for (const bracket of ['[', '{']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++openings > DEEPEST_JSON) return true;
    }
  }
  return false;
}

/** Reads a JSON text. A byte order mark, which some editors put before the first line, is no part of it. Throws nothing. */
export function parseJson(text: string): { readonly value: unknown } | JsonFault {
  if (mayBeDeep(text) && jsonDepth(text) > DEEPEST_JSON) return { fault: 'too-deep' };
  try {
    return { value: JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text) };
  } catch {
    return { fault: 'no-json', ...findJsonError(text) };
  }
}
