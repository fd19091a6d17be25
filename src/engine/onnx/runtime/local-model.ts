import { readFile } from 'node:fs/promises';
import type { RgbImage } from '../../../trace/geometry';
import { EngineError, type Provider, type Sampling } from '../../engine';
import type { LocalEvent, LocalInfo } from '../engine-contract';
import type { ImportedModel } from '../imported-model';
import type { ModelSpec, TextSpec } from '../model-spec';
import { type ChatMessage, ChatTemplate } from '../prompt/chat';
import { type Prompt, PromptEncoder } from '../prompt/prompt';
import { TextStream } from '../prompt/text-stream';
import { ChatTokenizer } from '../prompt/tokenizer';
import { Sampler } from '../sampler';
import { Conversation, stopIfAborted } from './conversation';
import { Embedding } from './embedding';
import { ImageStore } from './image-store';
import { TextModel } from './text-model';
import { VisionModel } from './vision-model';

/** A `GenerateRequest` whose images are named by hash. */
export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly sampling: Sampling;
  readonly maxTokens: number;
}

/** Text is handed on this often, in milliseconds: each piece is a message between processes. */
const textInterval = 10;

/**
 * An imported model, open in this process: continues conversations, one at a time. What the last one computed is kept;
 * a conversation that begins the same way, in tokens and images, goes on from where they part.
 */
export class LocalModel {
  readonly info: LocalInfo;
  readonly images: ImageStore;
  private readonly conversation: Conversation;

  private constructor(
    private readonly model: ImportedModel,
    provider: Provider,
    private readonly text: TextModel,
    private readonly vision: VisionModel,
    private readonly embedding: Embedding,
    private readonly tokenizer: ChatTokenizer,
    private readonly encoder: PromptEncoder,
  ) {
    const { images, text: spec } = model.spec;
    this.info = {
      model: model.name,
      hash: model.hash,
      provider,
      weights: model.weights,
      contextLength: spec.maxPositions,
      images: { factor: images.factor, minPixels: images.minPixels, maxPixels: images.maxPixels },
      profile: model.profile,
    };
    this.images = new ImageStore((image: RgbImage) => vision.encode(image));
    this.conversation = new Conversation(text, embedding, this.images, chunkLength(spec));
  }

  get spec(): ModelSpec {
    return this.model.spec;
  }

  /** Opens the sessions and the tokenizer. Throws `bad-model` or `out-of-memory`. */
  static async open(model: ImportedModel, provider: Provider): Promise<LocalModel> {
    const read = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));
    const { spec } = model;
    const tokenizer = new ChatTokenizer(
      await read(model.tokenizer.tokenizer),
      await read(model.tokenizer.config),
    );
    const template = new ChatTemplate(model.chatTemplate);
    const encoder = new PromptEncoder(template, tokenizer, spec.tokens, spec.images, spec.text.vocab);
    const text = await TextModel.open(model, provider);
    const embedding = new Embedding(model.dir, model.embedding);
    return new LocalModel(
      model,
      provider,
      text,
      new VisionModel(model, provider),
      embedding,
      tokenizer,
      encoder,
    );
  }

  /** Token ids and image places of a conversation, as `generate` runs them. */
  encode(messages: readonly ChatMessage[]): Prompt {
    return this.encoder.encode(messages);
  }

  /** The logits after a prompt whose images have been added to `images`. */
  async logits(prompt: Prompt, signal: AbortSignal): Promise<Float32Array> {
    const steps = this.conversation.prefill(prompt, signal);
    for (;;) {
      const step = await steps.next();
      if (step.done) return step.value;
    }
  }

  /**
   * Continues a conversation whose images have been added to `images`. An aborted signal ends it after the token or
   * the stretch of the prompt that is being run, with `EngineError` `cancelled`, after all text of the reply so far; what
   * was computed stays in the cache.
   */
  async *generate(request: ChatRequest, signal: AbortSignal): AsyncGenerator<LocalEvent> {
    const prompt = this.encode(request.messages);
    const { contextLength } = this.info;
    if (prompt.ids.length === 0) throw new EngineError('bad-request', 'The conversation is empty.');
    if (prompt.ids.length >= contextLength) {
      throw new EngineError(
        'bad-request',
        `The conversation takes ${prompt.ids.length} tokens, the model reads at most ${contextLength}: use fewer or smaller images, or fewer turns.`,
      );
    }
    const limit = Math.min(request.maxTokens, contextLength - prompt.ids.length);
    try {
      const steps = this.conversation.prefill(prompt, signal);
      let step = await steps.next();
      for (; !step.done; step = await steps.next()) yield { type: 'prefill', ...step.value };
      yield* this.reply(step.value, limit, new Sampler(request.sampling), signal);
    } finally {
      this.images.trim();
    }
  }

  private async *reply(
    first: Float32Array,
    limit: number,
    sampler: Sampler,
    signal: AbortSignal,
  ): AsyncGenerator<LocalEvent> {
    const { eos } = this.model.spec.tokens;
    const stream = new TextStream(this.tokenizer);
    const tokens: number[] = [];
    let text = '';
    let pending = '';
    let handedOn = performance.now();
    let reason: 'stop' | 'length' = 'length';
    for (let logits = first; tokens.length < limit; ) {
      if (signal.aborted && pending !== '') yield { type: 'text', text: pending, tokens: tokens.length };
      stopIfAborted(signal);
      const token = sampler.next(logits);
      if (eos.includes(token)) {
        reason = 'stop';
        break;
      }
      tokens.push(token);
      pending += stream.push(token);
      if (pending !== '' && performance.now() - handedOn >= textInterval) {
        yield { type: 'text', text: pending, tokens: tokens.length };
        text += pending;
        pending = '';
        handedOn = performance.now();
      }
      if (tokens.length < limit) logits = await this.conversation.advance(token);
    }
    pending += stream.end();
    if (pending !== '') yield { type: 'text', text: pending, tokens: tokens.length };
    yield { type: 'end', reason, text: text + pending, tokens: tokens.length, ids: tokens };
  }

  async close(): Promise<void> {
    this.embedding.close();
    await this.text.close();
    await this.vision.close();
  }
}

/**
 * Tokens of the prompt that are run at once: about a second's work on two cores, so that a cancel is heard and progress
 * is seen; for a small model, as many as make the products efficient.
 */
function chunkLength(spec: TextSpec): number {
  const attention = spec.hidden * spec.headDim * 2 * (spec.heads + spec.kvHeads);
  const parameters = spec.layers * (attention + 3 * spec.hidden * spec.intermediate);
  return Math.min(256, Math.max(16, Math.floor(4e11 / (2 * parameters))));
}
