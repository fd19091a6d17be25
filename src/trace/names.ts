import { isAscii, type Span } from './python-text';

/** A word of letters and digits; where a script writes none apart, each character is one. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}]+/gu;

/** A label of more words than this is not looked for. */
const MOST_WORDS = 12;

/** The words of a text in lower case with their places. */
export function wordsOf(text: string): { readonly word: string; readonly span: Span }[] {
  return Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({
    word: word.toLowerCase(),
    span: { start: index, end: index + word.length },
  }));
}

/** The words of a text in lower case, as `wordsOf` finds them. */
export function wordsIn(text: string): readonly string[] {
  if (isAscii(text)) return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return (text.match(WORD) ?? []).map((word) => word.toLowerCase());
}

/** What a label is looked for by: its words with one space between them; empty if it has none, or too many. */
export function nameOf(label: string): string {
  const words = wordsIn(label.slice(0, 400));
  return words.length > MOST_WORDS ? '' : words.join(' ');
}

/** Where `text` names something within `spans`, and what `names` has for it: at each place the longest name there. */
export function findNames<T>(
  text: string,
  spans: readonly Span[],
  names: (name: string) => T | undefined,
): { readonly span: Span; readonly named: T }[] {
  return spans.flatMap(({ start, end }) => {
    const words = wordsOf(text.slice(start, end));
    const found: { readonly span: Span; readonly named: T }[] = [];
    for (let first = 0; first < words.length; first++) {
      const longest = longestNameAt(words, first, names);
      if (longest === null) continue;
      const from = words[first]?.span.start ?? 0;
      const to = words[longest.last]?.span.end ?? from;
      found.push({ span: { start: start + from, end: start + to }, named: longest.named });
      first = longest.last;
    }
    return found;
  });
}

function longestNameAt<T>(
  words: readonly { readonly word: string }[],
  first: number,
  names: (name: string) => T | undefined,
): { readonly last: number; readonly named: T } | null {
  let name = '';
  let found: { last: number; named: T } | null = null;
  for (let last = first; last < Math.min(first + MOST_WORDS, words.length); last++) {
    name = name === '' ? (words[last]?.word ?? '') : `${name} ${words[last]?.word}`;
    const named = names(name);
    if (named !== undefined) found = { last, named };
  }
  return found;
}
