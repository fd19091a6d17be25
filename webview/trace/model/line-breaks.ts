/**
 * What was typed, with the line breaks of `base` where nothing else was changed: a text field knows but `\n`, and gives
 * back even those it was given as such. Only what lies between the first and the last change has breaks of its own.
 */
export function keepBreaks(base: string, typed: string): string {
  if (!base.includes('\r')) return typed;
  const plain = base.replaceAll(BREAK, '\n');
  const most = Math.min(plain.length, typed.length);
  let head = 0;
  while (head < most && plain[head] === typed[head]) head++;
  let tail = 0;
  while (tail < most - head && plain[plain.length - 1 - tail] === typed[typed.length - 1 - tail]) tail++;
  return (
    base.slice(0, placeIn(base, head)) +
    typed.slice(head, typed.length - tail) +
    base.slice(placeIn(base, plain.length - tail))
  );
}

/** Where the character at `place` of a text stands, counted with every line break as one, as a text field counts. */
export function placeIn(text: string, place: number): number {
  let at = 0;
  for (let i = 0; i < place && at < text.length; i++) at += text.startsWith('\r\n', at) ? 2 : 1;
  return at;
}

const BREAK = /\r\n?/g;
