import { cancelled } from '../../engine';
import type { Prompt } from '../prompt/prompt';
import { mropePositions } from '../rotary';
import type { Embedding } from './embedding';
import type { ImageStore } from './image-store';
import type { TextModel } from './text-model';
import type { Turns } from './turns';

export interface PrefillProgress {
  /** Tokens of the prompt that are in the cache. */
  readonly done: number;
  readonly total: number;
  /** Tokens that were there before, from an earlier prompt with the same beginning. */
  readonly reused: number;
}

/** A token that a conversation goes on with. */
export interface Step {
  readonly conversation: Conversation;
  readonly token: number;
}

/** What the conversations of a model have in common. */
export interface Together {
  readonly model: TextModel;
  readonly embedding: Embedding;
  readonly images: ImageStore;
  /** The most tokens of a prompt that are run at once. */
  readonly chunk: number;
  readonly turns: Turns<Step, Float32Array>;
  /** Copies what another slot has more of `prompt` than this one. Gives the tokens of it that this one has then. */
  share(own: Conversation, prompt: Prompt): number;
  /** Makes room for so many tokens in each slot. Throws `out-of-memory`: then all conversations are lost. */
  reserve(tokens: number): void;
}

/** The prompt in a slot of the model's cache, and how to get another one there: only what differs is run. */
export class Conversation {
  private prompt: Prompt = { ids: [], images: [] };
  /** M-RoPE position of the token after the held ones, the same on all axes. */
  private nextPosition = 0;
  /** Why the cache is gone, for a conversation that was going on. */
  private lost: unknown = null;

  /** `logits` are those after the last token that was run; the next run of this conversation writes over them. */
  constructor(
    readonly slot: number,
    private readonly all: Together,
    private readonly logits: Float32Array,
  ) {}

  /** What the slot holds. */
  get held(): Prompt {
    return this.prompt;
  }

  /** How many tokens the slot holds. */
  get length(): number {
    return this.prompt.ids.length;
  }

  /**
   * Makes the slot hold `prompt`, whose images have been added, and returns the logits after its last token. Progress
   * comes before the first and after each run. An aborted signal ends it between two runs, with `EngineError`
   * `cancelled`; what was computed stays.
   */
  async *prefill(prompt: Prompt, signal: AbortSignal): AsyncGenerator<PrefillProgress, Float32Array> {
    const { all } = this;
    const total = prompt.ids.length;
    const reused = await all.turns.alone(async () => this.begin(prompt));
    // One column more than there are tokens: the position of what the model says next.
    const columns = total + 1;
    const positions = mropePositions(columns, prompt.images);
    const axis = (i: number, t: number) => positions[i * columns + t] ?? 0;
    yield { done: reused, total, reused };
    for (let start = reused, end = start; start < total; start = end) {
      const piece = Math.min(all.chunk, total - start);
      end = start + all.model.cache.piece(this.slot, start, piece);
      await all.turns.alone(async () => {
        const embeds = await this.embed(prompt, start, end, signal);
        stopIfAborted(signal);
        this.requireKept();
        for (let t = start; t < end; t++) {
          all.model.cache.place(this.slot, t, [axis(0, t), axis(1, t), axis(2, t)]);
        }
        const [logits] = await all.model.forward(embeds, [this.slot], [start]);
        this.hold(prompt, end);
        if (logits) this.logits.set(logits);
      });
      yield { done: end, total, reused };
    }
    this.nextPosition = axis(0, total);
    return this.logits;
  }

  /** Runs one more token after a whole prompt, together with others, and gives the logits after it. */
  async advance(token: number): Promise<Float32Array> {
    const logits = await this.all.turns.join({ conversation: this, token });
    this.requireKept();
    return logits;
  }

  /** Before `token` is run: its position, and its embedding into `embeds` at `offset`. */
  prepare(token: number, embeds: Float32Array, offset: number): void {
    const { nextPosition: at } = this;
    this.all.model.cache.place(this.slot, this.length, [at, at, at]);
    this.all.embedding.read(token, embeds, offset);
  }

  /** After it was run. */
  add(token: number, logits: Float32Array): Float32Array {
    this.prompt.ids.push(token);
    this.nextPosition++;
    this.logits.set(logits);
    return this.logits;
  }

  /** Whether a run makes sense: the cache has what it goes on from. */
  get kept(): boolean {
    return this.lost === null;
  }

  /** The cache is gone, and with it what the slot held. */
  lose(why: unknown): void {
    this.prompt = { ids: [], images: [] };
    this.lost = why;
  }

  /** Keeps or takes over what is already there of `prompt`, and makes room for the rest. Gives the tokens that are there. */
  private begin(prompt: Prompt): number {
    this.lost = null;
    const total = prompt.ids.length;
    // The last token is run again even if the cache has it: nobody kept its logits.
    const reused = Math.max(0, Math.min(this.all.share(this, prompt), total - 1));
    this.hold(prompt, reused);
    this.all.reserve(total);
    return reused;
  }

  /** Throws why the cache is gone, if it is. */
  private requireKept(): void {
    if (this.lost !== null) throw this.lost;
  }

  /** Notes that the slot holds the first `count` tokens of `prompt` and nothing else. */
  private hold(prompt: Prompt, count: number): void {
    this.prompt = {
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
    const { embedding, images } = this.all;
    const { width } = embedding;
    const embeds = new Float32Array((end - start) * width);
    const text = (from: number, to: number) => {
      for (let t = from; t < to; t++) embedding.read(prompt.ids[t] ?? 0, embeds, (t - start) * width);
    };
    let token = start;
    for (const span of prompt.images) {
      const from = Math.max(span.start, start);
      const to = Math.min(span.start + span.rows * span.columns, end);
      if (from >= to) continue;
      stopIfAborted(signal);
      const features = await images.get(span.image.hash);
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
  if (signal.aborted) throw cancelled();
}
