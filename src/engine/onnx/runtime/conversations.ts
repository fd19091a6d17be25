import { Slots } from '../../slots';
import { commonPrefix } from '../prompt/common-prefix';
import type { Prompt } from '../prompt/prompt';
import { Conversation, type PrefillProgress, type Step, type Together } from './conversation';
import type { Embedding } from './embedding';
import type { ImageStore } from './image-store';
import type { TextModel } from './text-model';
import { Turns } from './turns';

/** A slot of the cache while a request has it. */
export interface Seat {
  /** See `Conversation.prefill`. */
  prefill(): AsyncGenerator<PrefillProgress, Float32Array>;
  /** See `Conversation.advance`. */
  advance(token: number): Promise<Float32Array>;
  /** Leaves the slot to others, with all that it holds. */
  leave(): void;
}

/**
 * The conversations that the cache holds. Their prompts are run one after another, so that what several begin with is run
 * once; what they say next is run for all of them together.
 */
export class Conversations implements Together {
  readonly turns: Turns<Step, Float32Array>;
  private readonly slots: readonly Conversation[];
  /** The slots that nobody has, the one that was left the longest ago first. */
  private readonly free: Conversation[];
  private readonly room: Slots;
  private readonly prompts = new Slots(1);
  private readonly closing = new Slots(1);

  constructor(
    readonly model: TextModel,
    readonly embedding: Embedding,
    readonly images: ImageStore,
    readonly chunk: number,
    vocab: number,
  ) {
    const { slots } = model.cache;
    this.slots = Array.from({ length: slots }, (_, i) => new Conversation(i, this, new Float32Array(vocab)));
    this.free = [...this.slots];
    this.room = new Slots(slots);
    this.turns = new Turns((steps) => this.step(steps), model.cache.together === 'one' ? 1 : slots);
  }

  /** How many slots requests have. */
  get taken(): number {
    return this.slots.length - this.free.length;
  }

  /** Waits for a slot for `prompt`, and until no other prompt is being run. An abort ends the wait with `cancelled`. */
  async take(prompt: Prompt, signal: AbortSignal): Promise<Seat> {
    const leave = await this.room.take(signal);
    let prefilled = () => {};
    try {
      prefilled = await this.prompts.take(signal);
    } catch (error) {
      leave();
      throw error;
    }
    const conversation = this.choose(prompt);
    let here = true;
    return {
      prefill: async function* () {
        const logits = yield* conversation.prefill(prompt, signal);
        prefilled();
        return logits;
      },
      advance: (token) => conversation.advance(token),
      leave: () => {
        if (here) this.free.push(conversation);
        here = false;
        prefilled();
        leave();
      },
    };
  }

  /** Waits until whoever has a slot has left it, and lets nobody else have one, unless an abort ends the wait with `cancelled`. */
  async finish(signal: AbortSignal): Promise<void> {
    const taken = [await this.closing.take(signal)];
    try {
      while (taken.length <= this.slots.length) taken.push(await this.room.take(signal));
    } catch (error) {
      for (const giveBack of taken) giveBack();
      throw error;
    }
  }

  /** A free slot that loses nothing by `prompt`, with the most of it in it; else the one that was left the longest ago. */
  private choose(prompt: Prompt): Conversation {
    const harmless = this.free.filter(({ held, length }) => commonPrefix(held, prompt) === length);
    const [first = this.free[0]] = harmless.sort((a, b) => b.length - a.length || a.slot - b.slot);
    if (!first) throw new Error('there is room, but no slot is free');
    this.free.splice(this.free.indexOf(first), 1);
    return first;
  }

  share(own: Conversation, prompt: Prompt): number {
    const has = commonPrefix(own.held, prompt);
    let [best, most] = [own, has];
    for (const other of this.slots) {
      const shared = commonPrefix(other.held, prompt);
      if (shared > most) [best, most] = [other, shared];
    }
    if (best !== own) this.model.cache.copy(best.slot, own.slot, has, most);
    return most;
  }

  reserve(tokens: number): void {
    try {
      this.model.cache.reserve(
        tokens,
        this.slots.map(({ length }) => length),
      );
    } catch (error) {
      for (const conversation of this.slots) conversation.lose(error);
      throw error;
    }
  }

  /** Runs a token of several conversations, but of none that was lost. Where it throws, none has gone on. */
  private async step(all: readonly Step[]): Promise<Float32Array[]> {
    const nothing = new Float32Array();
    const steps = all.filter(({ conversation }) => conversation.kept);
    if (steps.length === 0) return all.map(() => nothing);
    const running = this.around(steps.map(({ conversation }) => conversation));
    const slots = running.map(({ slot }) => slot);
    const starts = running.map(({ length }) => length);
    this.reserve(Math.max(...starts) + 1);
    const { width } = this.embedding;
    const embeds = new Float32Array(running.length * width);
    for (const { conversation, token } of steps) {
      conversation.prepare(token, embeds, running.indexOf(conversation) * width);
    }
    const logits = await this.model.forward(embeds, slots, starts);
    return all.map(({ conversation, token }) =>
      conversation.kept ? conversation.add(token, logits[running.indexOf(conversation)] ?? nothing) : nothing,
    );
  }

  /** Those that are run so that `speaking` are. */
  private around(speaking: readonly Conversation[]): readonly Conversation[] {
    if (this.model.cache.together !== 'neighbours') return speaking;
    const slots = speaking.map(({ slot }) => slot);
    // Who is between two of them but says nothing is run too: a row behind what the slot holds, where the next one goes.
    return this.slots.slice(Math.min(...slots), Math.max(...slots) + 1);
  }
}
