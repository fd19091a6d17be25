import type { RgbImage, Size } from '../trace/geometry';

/** A piece of a user message: text, or an image whose sides are already multiples of the engine's `info.images.factor`. */
export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly image: RgbImage };

/**
 * One message of the conversation. An assistant message that this engine generated carries its token ids (from the
 * `end` event), so that a later request continues on the very tokens in the cache instead of a re-encoding of their text.
 */
export type Message =
  | { readonly role: 'system'; readonly text: string }
  | { readonly role: 'user'; readonly parts: readonly Part[] }
  | { readonly role: 'assistant'; readonly text: string; readonly tokens?: readonly number[] };

/** `temperature: 0` is greedy; else softmax at that temperature cut to the smallest set of probability `topP`. */
export interface Sampling {
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
}

/** The whole conversation so far. An engine may keep what it computed for a common beginning; the caller need not know. */
export interface GenerateRequest {
  readonly messages: readonly Message[];
  readonly sampling: Sampling;
  /** Most tokens to generate in this turn. */
  readonly maxTokens: number;
}

/**
 * `prefill`: `done` of `total` prompt tokens are in, of which `reused` needed no work. `waiting`: nothing goes on, and
 * `why`, in words; for so many `seconds`, or null if that is unknown. `text`: more of the reply, never half a character;
 * `tokens` counts the generated tokens so far. `end`: the model stopped (`stop`) or ran out of tokens (`length`); `text`
 * is the whole reply without the end token, `tokens` counts its tokens, `ids` are they.
 *
 * Who generates elsewhere, on a server, may not know counts and ids: then they are null.
 */
export type GenerateEvent =
  | { readonly type: 'prefill'; readonly done: number; readonly total: number; readonly reused: number }
  | { readonly type: 'waiting'; readonly why: string; readonly seconds: number | null }
  | { readonly type: 'text'; readonly text: string; readonly tokens: number | null }
  | {
      readonly type: 'end';
      readonly reason: 'stop' | 'length';
      readonly text: string;
      readonly tokens: number | null;
      readonly ids: readonly number[] | null;
    };

/** Limits of the image processor: sides are multiples of `factor`, area between the two, all in pixels of model space. */
export interface ImageLimits {
  readonly factor: number;
  readonly minPixels: number;
  readonly maxPixels: number;
}

export const EXPERT_PROVIDERS = ['cuda', 'dml', 'coreml'] as const;
/** Ways to a graphics card that only some systems have, and that are taken only by who asks for them: see `whyNotHere`. */
export type ExpertProvider = (typeof EXPERT_PROVIDERS)[number];

export const PROVIDERS = ['cpu', 'webgpu', ...EXPERT_PROVIDERS] as const;
/** What computes. */
export type Provider = (typeof PROVIDERS)[number];

export const PROVIDER_CHOICES = ['auto', ...PROVIDERS] as const;
/** What is to compute: `auto` is WebGPU's graphics card where one is there that computes right and fast, else the processor. */
export type ProviderChoice = (typeof PROVIDER_CHOICES)[number];

export const ATTENTION_VARIANTS = ['shared-cache', 'fused', 'decomposed'] as const;
/**
 * How the text model attends. `shared-cache`: one operator that writes into its cache, on the processor. `fused`: one
 * operator, on the graphics card. `decomposed`: of products and softmax alone, where that operator is wrong.
 */
export type AttentionVariant = (typeof ATTENTION_VARIANTS)[number];

/** What computes, how, and why, in words. */
export interface Computing {
  readonly provider: Provider;
  readonly attention: AttentionVariant;
  readonly why: string;
}

export const WEIGHT_FORMATS = ['fp32', 'fp16', 'int8', 'int4'] as const;
/** How weights are held, from the most memory to the least. */
export type WeightFormat = (typeof WEIGHT_FORMATS)[number];

/** What speaks: enough to record with a trace so that it can be replayed. */
export interface EngineInfo {
  /** Folder name or served name of the model. */
  readonly model: string;
  /**
   * SHA-256 over the checkpoint's config, the contents of its weights, its `tokenizer.json` and its chat template; null for
   * an engine that cannot know.
   */
  readonly hash: string | null;
  readonly provider: Provider | 'scripted' | 'endpoint';
  /** How the model attends, and why it computes there and so; null for an engine that is not told. */
  readonly attention: AttentionVariant | null;
  readonly why: string | null;
  readonly weights: WeightFormat | null;
  /** Longest conversation in tokens, or null where a server does not say. */
  readonly contextLength: number | null;
  readonly images: ImageLimits;
  /** The text of the prompt profile that travels with the checkpoint (`vilasr_profile.json`), or null. */
  readonly profile: string | null;
}

/** Tokens that an image of this model-space size takes in the prompt: one for each 2x2 group of 14 px patches. */
export function imageTokens(size: Size, factor: number): number {
  return (size.width / factor) * (size.height / factor);
}

/**
 * Something that continues a conversation.
 *
 * `generate` yields events until `end`. An aborted signal ends it within one token by throwing `EngineError` with kind
 * `cancelled`. Other failures throw `EngineError` too, with the kind that says who is at fault.
 */
export interface Engine {
  readonly info: EngineInfo;
  generate(request: GenerateRequest, signal?: AbortSignal): AsyncIterable<GenerateEvent>;
  close(): Promise<void>;
}

export type EngineErrorKind =
  /** The caller's signal was aborted. */
  | 'cancelled'
  /** The request cannot be served: too long for the context, bad image size. */
  | 'bad-request'
  /** The checkpoint cannot be run, the message names the file; or the server has no such model, or no chat endpoint. */
  | 'bad-model'
  /** It would not fit in memory or on disk; nothing was started. */
  | 'no-space'
  /** The child ran out of memory, was killed, crashed, or stopped answering (a server may, too); the message says which. */
  | 'out-of-memory'
  | 'killed'
  | 'crashed'
  | 'hung'
  /** No server is there, or the connection to it does not come about. */
  | 'unreachable'
  /** The server wants a key, or another one. */
  | 'access'
  /** The server does not do what was asked for, as it is set up: so many images, this large a request. */
  | 'refused'
  /** The server has too much to do, or is not ready, however often it was asked. */
  | 'busy'
  /** The server failed, or broke off in the middle; again and again where that was worth another try. */
  | 'server';

/** A failure of an engine. `message` is for people: what happened, where, what to do. */
export class EngineError extends Error {
  constructor(
    readonly kind: EngineErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'EngineError';
  }
}

export const cancelled = (): EngineError => new EngineError('cancelled', 'The run was cancelled.');
