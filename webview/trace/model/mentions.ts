import type { Span } from '../../../src/trace/python-text';
import { partsOf, type ShapeId, shapeId, type TurnView } from './turn-view';

/** Words of a turn that name a shape by its label. */
export interface Mention {
  readonly span: Span;
  readonly shape: ShapeId;
}

/** Which shape a name means, if any; a name is the words of a label in lower case with one space between them. */
export type Names = (name: string) => ShapeId | undefined;

/** A word of letters and digits; where a script writes none apart, each character is one. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}]+/gu;

/** A label of more words than this is not looked for. */
const MOST_WORDS = 12;

/** The words of a text with their places. */
export function wordsOf(text: string): { readonly word: string; readonly span: Span }[] {
  return Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({
    word: word.toLowerCase(),
    span: { start: index, end: index + word.length },
  }));
}

/** What a label is looked for by; empty if it has no words, or too many. */
export function nameOf(label: string): string {
  const words = wordsOf(label.slice(0, 400));
  return words.length > MOST_WORDS ? '' : words.map(({ word }) => word).join(' ');
}

/** What labels mean in the turns of one trace. It reads each turn that is over once, as it comes. */
export class LabelIndex {
  private readonly shapes = new Map<string, ShapeId[]>();
  private turnsRead = 0;

  /** What names mean in `turn`: what the turn itself draws, or else what was drawn last before it. */
  namesIn(turn: TurnView, turns: readonly TurnView[]): Names {
    this.readEnded(turns);
    const own = new Map<string, ShapeId>();
    eachName(turn, (name, shape) => own.set(name, shape));
    return (name) => own.get(name) ?? this.before(name, turn.number);
  }

  private readEnded(turns: readonly TurnView[]): void {
    for (let turn = turns[this.turnsRead]; turn && turn.finish !== null; turn = turns[++this.turnsRead]) {
      eachName(turn, (name, shape) => {
        const shapes = this.shapes.get(name);
        if (shapes) shapes.push(shape);
        else this.shapes.set(name, [shape]);
      });
    }
  }

  private before(name: string, turn: number): ShapeId | undefined {
    return this.shapes.get(name)?.findLast((shape) => partsOf(shape).turn < turn);
  }
}

function eachName({ number, parsed }: TurnView, take: (name: string, shape: ShapeId) => void): void {
  for (const [i, { label }] of parsed.drawings.entries()) {
    const name = nameOf(label);
    if (name !== '') take(name, shapeId(number, i));
  }
}

/** Where `text` names shapes within `spans`: at each place the longest name that stands there. */
export function findMentions(text: string, spans: readonly Span[], names: Names): Mention[] {
  return spans.flatMap((span) => mentionsIn(text.slice(span.start, span.end), span.start, names));
}

function mentionsIn(text: string, offset: number, names: Names): Mention[] {
  const words = wordsOf(text);
  const mentions: Mention[] = [];
  for (let first = 0; first < words.length; first++) {
    const found = longestNameAt(words, first, names);
    if (found === null) continue;
    const start = words[first]?.span.start ?? 0;
    const end = words[found.last]?.span.end ?? start;
    mentions.push({ span: { start: offset + start, end: offset + end }, shape: found.shape });
    first = found.last;
  }
  return mentions;
}

function longestNameAt(
  words: readonly { readonly word: string }[],
  first: number,
  names: Names,
): { readonly last: number; readonly shape: ShapeId } | null {
  let name = '';
  let found: { last: number; shape: ShapeId } | null = null;
  for (let last = first; last < Math.min(first + MOST_WORDS, words.length); last++) {
    name = name === '' ? (words[last]?.word ?? '') : `${name} ${words[last]?.word}`;
    const shape = names(name);
    if (shape !== undefined) found = { last, shape };
  }
  return found;
}
