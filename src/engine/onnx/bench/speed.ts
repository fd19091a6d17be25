import type { RgbImage, Size } from '../../../trace/geometry';
import type { Engine, ImageLimits, Message, Part } from '../../engine';

/** So many tokens took so many seconds. */
export interface Pace {
  readonly tokens: number;
  readonly seconds: number;
}

/** A pace of tokens that were said, after so many others. */
export interface At extends Pace {
  readonly after: number;
}

/** What is measured on one model, always in the same way. */
export class Speedometer {
  /** Tokens of a word of our texts, about. */
  private tokensOfWord = 1;

  /** @param signal ends what is being measured, with `EngineError` `cancelled`. */
  constructor(
    private readonly engine: Engine,
    private readonly signal: AbortSignal,
  ) {}

  /** Reads a little, which makes what is made once. Gives tokens a second, about. */
  async warmUp(): Promise<number> {
    const words = 40;
    await this.read([user(text(words, 0))], 60);
    const { tokens, seconds } = await this.read([user(text(words, 5))], 60);
    this.tokensOfWord = Math.max(1, tokens / words);
    return tokens / seconds;
  }

  /** A conversation of about so many tokens, like no other: nothing of it has been computed. */
  prompt(tokens: number, seed: number): readonly Message[] {
    return [user(text(Math.max(1, Math.round(tokens / this.tokensOfWord)), seed))];
  }

  /** Reads a prompt, or what of it can be read in so many seconds, and says a token. */
  async read(messages: readonly Message[], mostSeconds: number): Promise<Pace & { readonly whole: boolean }> {
    let [start, pace, whole] = [performance.now(), { tokens: 0, seconds: 0 }, false];
    const request = { messages, sampling: SAMPLING, maxTokens: 1 };
    for await (const event of this.engine.generate(request, this.signal)) {
      if (event.type !== 'prefill') continue;
      // The first comes before anything is read.
      if (event.done === event.reused) start = performance.now();
      pace = { tokens: event.done - event.reused, seconds: since(start) };
      whole = event.done === event.total;
      if (!whole && pace.seconds > mostSeconds) break;
    }
    return { ...pace, whole };
  }

  /**
   * Says about `tokens` tokens after a prompt that was read before, in all of `count` replies at once, or as many as can be
   * said in so many seconds. A reply that ends is begun anew with other chances. Null if nothing is said.
   */
  async speak(
    messages: readonly Message[],
    { tokens: wanted, count, mostSeconds }: { tokens: number; count: number; mostSeconds: number },
  ): Promise<At | null> {
    const enough = new AbortController();
    const signal = AbortSignal.any([this.signal, enough.signal]);
    let [said, reading, start, saidBefore, end, after] = [0, count, 0, 0, 0, 0];
    const watch = (): void => {
      if (reading > 0 || enough.signal.aborted) return;
      end = performance.now();
      if (said - saidBefore >= wanted || since(start) > mostSeconds) enough.abort();
    };
    const speaker = async (place: number): Promise<void> => {
      let isFirst = true;
      for (let seed = place; !signal.aborted; seed += count) {
        // The first token of a reply comes of the prompt.
        let own = 1;
        const request = { messages, sampling: { ...SAMPLING, seed }, maxTokens: wanted + 1 };
        for await (const event of this.engine.generate(request, signal)) {
          if (event.type === 'prefill') {
            if (!isFirst || event.done < event.total) continue;
            isFirst = false;
            after = event.total;
            reading--;
            if (reading === 0) [start, saidBefore] = [performance.now(), said];
            continue;
          }
          if (event.type === 'waiting' || event.tokens === null) continue;
          // The end of a reply is computed as its tokens are.
          const computed = event.tokens + (event.type === 'end' && event.reason === 'stop' ? 1 : 0);
          said += Math.max(0, computed - own);
          own = Math.max(own, computed);
          watch();
        }
      }
    };
    const speakers = Array.from({ length: count }, async (_, place) => {
      try {
        await speaker(place);
      } catch (error) {
        if (!enough.signal.aborted || this.signal.aborted) throw error;
      }
    });
    await Promise.all(speakers).finally(() => enough.abort());
    const tokens = said - saidBefore;
    return tokens > 0 ? { tokens, seconds: (end - start) / 1000, after } : null;
  }

  /** Seconds to encode a picture, and its tokens: reading it twice, of which the second time it is encoded already. */
  async see(size: Size): Promise<Pace> {
    const look = (seed: number, word: string) =>
      this.read([user({ type: 'text', text: word }, { type: 'image', image: picture(size, seed) })], 60);
    // Makes what is made once for pictures.
    await look(1, 'first');
    const fresh = await look(2, 'second');
    const known = await look(2, 'third');
    return { tokens: fresh.tokens, seconds: Math.max(0, fresh.seconds - known.seconds) };
  }

  /** The ids of the likeliest reply about a picture: alike wherever the model is computed right. */
  async reply(size: Size, tokens: number): Promise<readonly number[]> {
    const message = user({ type: 'image', image: picture(size, 3) }, { type: 'text', text: 'What is it?' });
    const request = { messages: [message], sampling: { ...SAMPLING, temperature: 0 }, maxTokens: tokens };
    for await (const event of this.engine.generate(request, this.signal)) {
      if (event.type === 'end') return event.ids ?? [];
    }
    return [];
  }
}

const SAMPLING = { temperature: 1, topP: 1, seed: 0 };

/** The sides of a picture of 192 tokens, or of as many as the model's images may have. */
export function pictureSize({ factor, maxPixels }: ImageLimits): Size {
  for (let k = 4; k > 0; k--) {
    const size = { width: 4 * k * factor, height: 3 * k * factor };
    if (size.width * size.height <= maxPixels) return size;
  }
  return { width: factor, height: factor };
}

function picture({ width, height }: Size, seed: number): RgbImage {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 31) ^ (seed * 77));
  return { width, height, data };
}

const WORDS = ['red', 'box', 'left', 'of', 'blue', 'line', 'above', 'green', 'door', 'and', 'count'];

/** Words over and over, of which the first is like no other. */
function text(count: number, seed: number): Part {
  const words = Array.from({ length: count }, (_, i) => WORDS[(i + seed) % WORDS.length]);
  return { type: 'text', text: [String(seed), ...words].join(' ') };
}

const user = (...parts: Part[]): Message => ({ role: 'user', parts });
const since = (start: number): number => (performance.now() - start) / 1000;
