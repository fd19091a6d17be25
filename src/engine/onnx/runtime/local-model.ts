import { readFile } from 'node:fs/promises';
import type { RgbImage } from '../../../trace/geometry';
import { type Computing, EngineError, type Provider, type Sampling } from '../../engine';
import { DeviceError, type LocalEvent, type LocalInfo } from '../engine-contract';
import { gigabytes } from '../gigabytes';
import type { ImportedModel } from '../imported-model';
import { planMemory, requestMemory, requestNeed, requireRequestMemory, type Workload } from '../memory';
import { freeMemory } from '../memory/free-memory';
import type { ModelSpec, TextSpec } from '../model-spec';
import { type ChatMessage, ChatTemplate } from '../prompt/chat';
import { type Prompt, PromptEncoder } from '../prompt/prompt';
import { TextStream } from '../prompt/text-stream';
import { ChatTokenizer } from '../prompt/tokenizer';
import { Sampler } from '../sampler';
import { stopIfAborted } from './conversation';
import { Conversations, type Seat } from './conversations';
import { Embedding } from './embedding';
import { ImageStore } from './image-store';
import { orClose } from './session';
import { TextModel } from './text-model';
import { VisionModel } from './vision-model';

/** A `GenerateRequest` whose images are named by hash. */
export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly sampling: Sampling;
  readonly maxTokens: number;
}

export interface OpenOptions {
  readonly computing: Computing;
  /** Conversations at once; 1 unless given. */
  readonly parallel?: number;
  /** The most tokens of a prompt that are run at once; as is best for the model unless given. */
  readonly chunk?: number;
  /** Says how many bytes of memory are free. */
  readonly free?: () => Promise<number>;
}

/** Text of all replies together is handed on this often, in milliseconds: each piece is a message between processes. */
const textInterval = 10;

/** Tokens of a reply that there must be memory for before it begins; few are longer. */
const USUAL_REPLY = 512;

/**
 * An imported model, open in this process: continues conversations, as many at once as it was opened for. What the last
 * ones computed is kept; a conversation that begins the same way, in tokens and images, goes on from where they part.
 */
export class LocalModel {
  readonly info: LocalInfo;
  readonly images: ImageStore;
  private readonly conversations: Conversations;
  /** Why the card was given up: for whoever still asks, should the one who was told have left. */
  private givenUp: DeviceError | null = null;

  private constructor(
    private readonly model: ImportedModel,
    { provider, attention, why }: Computing,
    private readonly text: TextModel,
    private readonly vision: VisionModel,
    private readonly embedding: Embedding,
    private readonly tokenizer: ChatTokenizer,
    private readonly encoder: PromptEncoder,
    private readonly free: () => Promise<number>,
    /** Bytes of the machine's memory that opening it took: what lies on a card of its own is not in it. */
    private readonly taken: number,
    chunk: number,
  ) {
    const { images, text: spec } = model.spec;
    this.info = {
      model: model.name,
      hash: model.hash,
      provider,
      attention,
      why,
      weights: model.weights,
      contextLength: spec.maxPositions,
      images: { factor: images.factor, minPixels: images.minPixels, maxPixels: images.maxPixels },
      profile: model.profile,
    };
    this.images = new ImageStore((image: RgbImage) => vision.encode(image));
    this.conversations = new Conversations(text, embedding, this.images, chunk, spec.vocab);
  }

  get spec(): ModelSpec {
    return this.model.spec;
  }

  /** Opens the sessions and the tokenizer. Throws `bad-model` or `out-of-memory`. */
  static async open(model: ImportedModel, options: OpenOptions): Promise<LocalModel> {
    const { computing, parallel = 1, chunk, free = freeMemory } = options;
    const read = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));
    const { spec } = model;
    const tokenizer = new ChatTokenizer(
      await read(model.tokenizer.tokenizer),
      await read(model.tokenizer.config),
    );
    const template = new ChatTemplate(model.chatTemplate);
    const encoder = new PromptEncoder(template, tokenizer, spec.tokens, spec.images, spec.text.vocab);
    const { provider, attention } = computing;
    const before = await free();
    const embedding = new Embedding(model.dir, model.embedding);
    const text = await orClose(TextModel.open(model, computing, parallel), () => embedding.close());
    return new LocalModel(
      model,
      computing,
      text,
      new VisionModel(model, provider, attention),
      embedding,
      tokenizer,
      encoder,
      free,
      Math.max(0, before - (await free())),
      chunk ?? chunkLength(spec.text, provider),
    );
  }

  /** Token ids and image places of a conversation, as `generate` runs them. */
  encode(messages: readonly ChatMessage[]): Prompt {
    return this.encoder.encode(messages);
  }

  /** The logits after a prompt whose images have been added to `images`. */
  async logits(prompt: Prompt, signal: AbortSignal): Promise<Float32Array> {
    const seat = await this.take(prompt, signal);
    try {
      const steps = prefill(seat);
      for (;;) {
        const step = await steps.next();
        if (step.done) return step.value;
      }
    } finally {
      seat.leave();
    }
  }

  /** A place in the cache for a prompt whose images have been added to `images`. See `Conversations.take`. */
  take(prompt: Prompt, signal: AbortSignal): Promise<Seat> {
    return this.conversations.take(prompt, signal);
  }

  /**
   * Continues a conversation whose images have been added to `images`. An aborted signal ends it after the token or
   * the stretch of the prompt that is being run, with `EngineError` `cancelled`, after all text of the reply so far; what
   * was computed stays in the cache. Throws `bad-request` or `no-space` before anything is run; `DeviceError`, once nobody
   * else speaks, if there is room for the conversation on the processor alone: then the model begins nothing any more.
   */
  async *generate(request: ChatRequest, signal: AbortSignal): AsyncGenerator<LocalEvent> {
    if (this.givenUp !== null) throw this.givenUp;
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
    await this.requireRoom(prompt, limit, signal);
    const drop = this.images.keep(prompt.images.map(({ image }) => image.hash));
    try {
      const seat = await this.take(prompt, signal);
      try {
        let logits: Float32Array;
        try {
          logits = yield* prefill(seat);
        } finally {
          await this.vision.rest();
        }
        yield* this.reply(seat, logits, limit, new Sampler(request.sampling), signal);
      } finally {
        seat.leave();
      }
    } finally {
      drop();
    }
  }

  /** Throws if the conversation outgrows the memory that is free now: better than to be killed for it. */
  private async requireRoom({ ids, images }: Prompt, limit: number, signal: AbortSignal): Promise<void> {
    const { spec, info, conversations } = this;
    const largest = (some: Prompt['images']) =>
      Math.max(0, ...some.map(({ rows, columns }) => rows * columns * spec.images.factor ** 2));
    const fresh = images.filter(({ image }) => !this.images.isEncoded(image.hash));
    const request: Workload = {
      tokens: ids.length + Math.min(limit, USUAL_REPLY),
      images: images.length,
      imagePixels: largest(fresh),
      provider: info.provider,
    };
    const { slots, room } = this.text.cache;
    const cache = { slots, tokens: room };
    const free = await this.free();
    const bytes = requestMemory(spec, request, cache);
    // There every image is encoded anew.
    const elsewhere = { ...request, imagePixels: largest(images), parallel: slots, provider: 'cpu' } as const;
    const fits = planMemory(spec, this.model.weights, elsewhere).total <= free + this.taken;
    if (bytes > free && info.provider !== 'cpu' && fits) {
      await conversations.finish(signal);
      this.givenUp = new DeviceError(
        `with it this conversation ${requestNeed(request, bytes)}, but ${gigabytes(free)} are free`,
      );
      throw this.givenUp;
    }
    requireRequestMemory(spec, request, cache, free);
  }

  private async *reply(
    seat: Seat,
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
      if (pending !== '' && performance.now() - handedOn >= textInterval * this.conversations.taken) {
        yield { type: 'text', text: pending, tokens: tokens.length };
        text += pending;
        pending = '';
        handedOn = performance.now();
      }
      if (tokens.length < limit) logits = await seat.advance(token);
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

async function* prefill(seat: Seat): AsyncGenerator<LocalEvent, Float32Array> {
  const steps = seat.prefill();
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
    yield { type: 'prefill', ...step.value };
  }
}

/**
 * Tokens of the prompt that are run at once: about a second's work on two cores, so that a cancel is heard and progress
 * is seen; for a small model or a graphics card, as many as make the products efficient.
 */
function chunkLength(spec: TextSpec, provider: Provider): number {
  const most = 256;
  if (provider !== 'cpu') return most;
  const attention = spec.hidden * spec.headDim * 2 * (spec.heads + spec.kvHeads);
  const parameters = spec.layers * (attention + 3 * spec.hidden * spec.intermediate);
  return Math.min(most, Math.max(16, Math.floor(4e11 / (2 * parameters))));
}
