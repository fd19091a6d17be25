import { EngineError } from '../../engine';
import { commonPrefix } from '../prompt/common-prefix';
import type { Prompt } from '../prompt/prompt';
import { mropePositions } from '../rotary';
import type { Embedding } from './embedding';
import type { ImageStore } from './image-store';
import type { TextModel } from './text-model';

export interface PrefillProgress {
  /** Tokens of the prompt that are in the cache. */
  readonly done: number;
  readonly total: number;
  /** Tokens that were there before, from an earlier prompt with the same beginning. */
  readonly reused: number;
}

/** The prompt in the model's cache, and how to get another one there: only what differs is run. */
export class Conversation {
  private held: Prompt = { ids: [], images: [] };
  /** M-RoPE position of the token after the held ones, the same on all axes. */
  private nextPosition = 0;

  /** `chunk` is the most tokens that are run at once. */
  constructor(
    private readonly model: TextModel,
    private readonly embedding: Embedding,
    private readonly images: ImageStore,
    private readonly chunk: number,
  ) {}

  /**
   * Makes the cache hold `prompt`, whose images have been added, and returns the logits after its last token. Progress
   * comes before the first and after each run. An aborted signal ends it between two runs, with `EngineError`
   * `cancelled`; what was computed stays.
   */
  async *prefill(prompt: Prompt, signal: AbortSignal): AsyncGenerator<PrefillProgress, Float32Array> {
    const total = prompt.ids.length;
    // The last token is run again even if the cache has it: nobody kept its logits.
    const reused = Math.max(0, Math.min(commonPrefix(this.held, prompt), total - 1));
    this.hold(prompt, reused);
    this.reserve(total, reused);
    // One column more than there are tokens: the position of what the model says next.
    const columns = total + 1;
    const positions = mropePositions(columns, prompt.images);
    const axis = (i: number, t: number) => positions[i * columns + t] ?? 0;
    yield { done: reused, total, reused };
    let logits: Float32Array = new Float32Array();
    for (let start = reused; start < total; start += this.chunk) {
      const end = Math.min(start + this.chunk, total);
      const embeds = await this.embed(prompt, start, end, signal);
      stopIfAborted(signal);
      for (let t = start; t < end; t++) this.model.cache.place(t, [axis(0, t), axis(1, t), axis(2, t)]);
      logits = await this.model.forward(embeds, start);
      this.hold(prompt, end);
      yield { done: end, total, reused };
    }
    this.nextPosition = axis(0, total);
    return logits;
  }

  /** Runs one more token after a whole prompt and gives the logits after it; they last until the next run. */
  async advance(token: number): Promise<Float32Array> {
    const t = this.held.ids.length;
    this.reserve(t + 1, t);
    this.model.cache.place(t, [this.nextPosition, this.nextPosition, this.nextPosition]);
    const embeds = new Float32Array(this.embedding.width);
    this.embedding.read(token, embeds, 0);
    const logits = await this.model.forward(embeds, t);
    this.held.ids.push(token);
    this.nextPosition++;
    return logits;
  }

  private reserve(tokens: number, keep: number): void {
    try {
      this.model.cache.reserve(tokens, keep);
    } catch (error) {
      this.held = { ids: [], images: [] };
      throw error;
    }
  }

  /** Notes that the cache holds the first `count` tokens of `prompt` and nothing else. */
  private hold(prompt: Prompt, count: number): void {
    this.held = {
      ids: prompt.ids.slice(0, count),
      images: prompt.images.filter((image) => image.start < count),
    };
  }

  /** The embeddings `[end - start, width]` of a stretch of the prompt, encoding the images that it touches. */
  private async embed(
    prompt: Prompt,
    start: number,
    end: number,
    signal: AbortSignal,
  ): Promise<Float32Array> {
    const { width } = this.embedding;
    const embeds = new Float32Array((end - start) * width);
    const text = (from: number, to: number) => {
      for (let t = from; t < to; t++) this.embedding.read(prompt.ids[t] ?? 0, embeds, (t - start) * width);
    };
    let token = start;
    for (const span of prompt.images) {
      const from = Math.max(span.start, start);
      const to = Math.min(span.start + span.rows * span.columns, end);
      if (from >= to) continue;
      stopIfAborted(signal);
      const features = await this.images.get(span.image.hash);
      text(token, from);
      embeds.set(
        features.subarray((from - span.start) * width, (to - span.start) * width),
        (from - start) * width,
      );
      token = to;
    }
    text(token, end);
    return embeds;
  }
}

/** Throws `EngineError` `cancelled` once the signal is aborted. */
export function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new EngineError('cancelled', 'The run was cancelled.');
}
