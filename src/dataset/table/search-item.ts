import type { Trace } from '../../trace/trace';

/**
 * Finds traces that say something: in the id, the question, options, right answer or what the model said; upper and lower case
 * are the same.
 */
export class TextSearch {
  private readonly wanted: string;
  /** As it stands in JSON, where all of it is ASCII, so that most items need not be read to be passed over. */
  private readonly escaped: string | null;

  constructor(text: string) {
    this.wanted = text.toLowerCase();
    this.escaped = /^[ -~]*$/.test(text) ? JSON.stringify(this.wanted).slice(1, -1) : null;
  }

  /** Whether an item of this JSON text may say it. */
  mayMatch(raw: string): boolean {
    return this.escaped === null || raw.toLowerCase().includes(this.escaped);
  }

  matches({ id, question, options, gold, turns }: Trace): boolean {
    const texts = [id, question, ...options, gold ?? '', ...turns.map(({ text }) => text)];
    return texts.some((text) => text.toLowerCase().includes(this.wanted));
  }
}
