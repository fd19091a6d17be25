import {
  type Engine,
  EngineError,
  type EngineErrorKind,
  type EngineInfo,
  type GenerateEvent,
  type GenerateRequest,
  imageTokens,
} from './engine';

/** What a scripted engine says to one request. */
export interface ScriptedReply {
  readonly text: string;
  /** Instead of the rest of the text, after this many tokens, the engine throws this error. */
  readonly failure?: {
    readonly afterTokens: number;
    readonly kind: EngineErrorKind;
    readonly message: string;
  };
  /** Pause before each token, in milliseconds; an abort ends it. */
  readonly tokenDelay?: number;
}

const INFO: EngineInfo = {
  model: 'scripted',
  hash: null,
  provider: 'scripted',
  attention: null,
  why: null,
  weights: null,
  contextLength: 32_768,
  images: { factor: 28, minPixels: 4 * 28 * 28, maxPixels: 16_384 * 28 * 28 },
  profile: null,
};

/**
 * An engine that says given texts, one a request, token by token: for tests of what is above an engine. A token is a word
 * with the blanks before it; the same token always has the same id. Keeps the requests it was given.
 */
export class ScriptedEngine implements Engine {
  readonly requests: GenerateRequest[] = [];
  readonly info: EngineInfo;
  private readonly vocabulary = new Map<string, number>();
  private closed = false;

  constructor(
    private readonly replies: readonly ScriptedReply[],
    info: Partial<EngineInfo> = {},
  ) {
    this.info = { ...INFO, ...info };
  }

  async *generate(request: GenerateRequest, signal?: AbortSignal): AsyncGenerator<GenerateEvent> {
    if (this.closed) throw new EngineError('bad-request', 'The engine is closed.');
    const reply = this.replies[this.requests.length];
    const before = this.requests.at(-1);
    this.requests.push(request);
    if (!reply)
      throw new EngineError(
        'bad-request',
        `The script has ${this.replies.length} replies; this is one more.`,
      );
    const total = this.countTokens(request);
    const reused = before ? this.countTokens(before) : 0;
    yield { type: 'prefill', done: reused, total, reused };
    yield { type: 'prefill', done: total, total, reused };
    const words = reply.text.match(/\s*\S+|\s+$/g) ?? [];
    const ids: number[] = [];
    let text = '';
    for (const word of words) {
      if (ids.length === reply.failure?.afterTokens) break;
      if (reply.tokenDelay !== undefined) await pause(reply.tokenDelay, signal);
      if (signal?.aborted) throw new EngineError('cancelled', 'Cancelled.');
      if (ids.length === request.maxTokens) {
        yield { type: 'end', reason: 'length', text, tokens: ids.length, ids };
        return;
      }
      ids.push(this.idOf(word));
      text += word;
      yield { type: 'text', text: word, tokens: ids.length };
    }
    if (reply.failure) throw new EngineError(reply.failure.kind, reply.failure.message);
    yield { type: 'end', reason: 'stop', text, tokens: ids.length, ids };
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  private idOf(word: string): number {
    const id = this.vocabulary.get(word) ?? this.vocabulary.size;
    this.vocabulary.set(word, id);
    return id;
  }

  /** Words and image tokens of all messages. */
  private countTokens({ messages }: GenerateRequest): number {
    const parts = messages.flatMap((message) =>
      message.role === 'user' ? message.parts : [{ type: 'text' as const, text: message.text }],
    );
    const counts = parts.map((part) =>
      part.type === 'text' ? part.text.split(/\s+/).length : imageTokens(part.image, this.info.images.factor),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done);
    if (signal?.aborted) done();
  });
}
