import type { Trace } from '../../trace/trace';

/** Letters that are written otherwise in JSON, though they may be among those of a word in ASCII: `K` for one is small a `k`. */
const HIDDEN_LETTERS = /\\u(?:00[3-7]|0130|212a)/i;

/**
 * Finds traces that say something: in the id, the question, options, right answer or what the model said; upper and lower case
 * are the same.
 */
export class TextSearch {
  private readonly wanted: string;
  /** Words that stand in the JSON of whoever says it, whatever is put together and escaped: most items need not be read. */
  private readonly words: readonly string[];

  constructor(text: string) {
    this.wanted = text.toLowerCase();
    this.words = this.wanted.match(/[a-z0-9]+/g) ?? [];
  }

  /** Whether an item of this JSON text may say it. `fallbackId` is its id if it has none of its own. */
  mayMatch(raw: string, fallbackId: string): boolean {
    if (fallbackId.toLowerCase().includes(this.wanted)) return true;
    const text = raw.toLowerCase();
    return this.words.every((word) => text.includes(word)) || HIDDEN_LETTERS.test(raw);
  }

  matches({ id, question, options, gold, turns }: Trace): boolean {
    const texts = [id, question, ...options, gold ?? '', ...turns.map(({ text }) => text)];
    return texts.some((text) => text.toLowerCase().includes(this.wanted));
  }
}
