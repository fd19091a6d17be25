import type { RgbImage } from '../../trace/geometry';
import {
  cancelled,
  type Engine,
  EngineError,
  type EngineInfo,
  type GenerateEvent,
  type GenerateRequest,
  type ImageLimits,
} from '../engine';
import { Slots } from '../slots';
import { chatBody } from './chat-body';
import { ChunkReader } from './chat-chunks';
import { endpointAddress } from './endpoint-address';
import { EndpointFailure } from './endpoint-failure';
import type { Advice } from './explain-refusal';
import type { HttpLimits, HttpResponse } from './http-exchange';
import { ImageUrls } from './image-urls';
import { chooseModel, listModels, nameList, type ServedModel } from './models';
import { pause } from './pause';
import { Replay } from './replay';
import { type ReplyEnd, type ReplyPiece, readReply } from './reply';
import { DEFAULT_RETRY, type RetryPolicy, waitBefore } from './retry';
import { Server } from './server';

/** What Qwen2.5-VL's image processor takes, and the servers that run it as it is. */
const QWEN_IMAGES: ImageLimits = { factor: 28, minPixels: 4 * 28 * 28, maxPixels: 16_384 * 28 * 28 };

/** Words are heard at most forty times a second: nobody reads faster. */
const DEFAULT_LIMITS: HttpLimits = { connect: 10_000, idle: 600_000, pace: 25 };

const DEFAULT_CONCURRENCY = 4;

/** How long a connection may take to come to its end after a whole reply, in milliseconds; then it is closed. */
const LINGER = 250;

export interface EndpointOptions {
  /** Where the server is, see `endpointAddress`. */
  readonly url: string;
  /** The model's name on the server; the only one it has unless given. */
  readonly model: string | null;
  /** Sent as a bearer token. */
  readonly key: string | null;
  /** The PNG file of an image, without loss. */
  readonly encodePng: (image: RgbImage) => Promise<Uint8Array>;
  /** How a user of this program gives what is missing. */
  readonly advice: Advice;
  /** What the server's image processor takes without resizing; as Qwen2.5-VL's unless given. */
  readonly images?: Partial<ImageLimits>;
  /** How many requests are under way at most; others wait their turn. */
  readonly concurrency?: number;
  readonly limits?: Partial<HttpLimits>;
  readonly retry?: Partial<RetryPolicy>;
  readonly signal?: AbortSignal | undefined;
  /** Told why the server is waited for while it opens. */
  readonly onWaiting?: (why: string) => void;
}

/**
 * Opens a model on a server with an OpenAI-compatible chat endpoint: asks it what it has, with the key.
 *
 * @throws EngineError `bad-request` for a bad address, `unreachable`, `access`, `bad-model` where it is not clear which
 * model is meant, `server`, `hung`, `cancelled`.
 */
export async function openEndpointEngine(options: EndpointOptions): Promise<Engine> {
  const { advice, signal = new AbortController().signal } = options;
  const key = checkKey(options.key, advice.key);
  const retry = { ...DEFAULT_RETRY, ...options.retry };
  const address = endpointAddress(options.url);
  const server = new Server({ address, key, advice, limits: { ...DEFAULT_LIMITS, ...options.limits } });
  try {
    const models = await listPatiently(server, retry, signal, options.onWaiting);
    const chosen = chooseModel(options.model, models, server.host, advice.model);
    server.model = chosen.name;
    server.models = models && models.length > 0 ? nameList(models.map(({ name }) => name)) : null;
    return new EndpointEngine(server, chosen, options, retry);
  } catch (error) {
    server.close();
    throw error;
  }
}

/** A key as it can be sent in a header; blanks around it came with it by mistake. */
function checkKey(key: string | null, advice: string): string | null {
  const bare = key?.trim() ?? '';
  if (/[^\x21-\x7e]/.test(bare))
    throw new EngineError('access', `The key has characters in it that no key has. ${advice}`);
  return bare === '' ? null : bare;
}

/** A server that says that it is busy, or still loads its model, is waited for; one that says nothing of use is not. */
async function listPatiently(
  server: Server,
  retry: RetryPolicy,
  signal: AbortSignal,
  onWaiting: (why: string) => void = () => {},
): Promise<ServedModel[] | null> {
  for (let tries = 1; ; tries++) {
    try {
      return await listModels(server, signal);
    } catch (error) {
      if (!(error instanceof EndpointFailure) || error.status === null || error.again === null) throw error;
      const wait = waitAfter(error, tries, retry);
      onWaiting(error.message);
      await pause(wait, signal);
    }
  }
}

class EndpointEngine implements Engine {
  readonly info: EngineInfo;
  private readonly urls: ImageUrls;
  private readonly slots: Slots;
  private readonly closing = new AbortController();

  constructor(
    private readonly server: Server,
    { name, contextLength }: ServedModel,
    { images, encodePng, concurrency = DEFAULT_CONCURRENCY }: EndpointOptions,
    private readonly retry: RetryPolicy,
  ) {
    this.info = {
      model: name,
      hash: null,
      provider: 'endpoint',
      attention: null,
      why: null,
      weights: null,
      contextLength,
      images: { ...QWEN_IMAGES, ...images },
      profile: null,
    };
    this.urls = new ImageUrls(encodePng);
    this.slots = new Slots(Math.max(1, concurrency));
  }

  async *generate(request: GenerateRequest, signal?: AbortSignal): AsyncGenerator<GenerateEvent> {
    if (this.closing.signal.aborted) throw new EngineError('bad-request', 'The engine is closed.');
    const either = signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
    const { model, images } = this.info;
    // Made before there is a place for it: none is to stand free meanwhile.
    const body = await chatBody(request, model, images, (image) => {
      if (either.aborted) throw cancelled();
      return this.urls.of(image);
    });
    const { ahead } = this.slots;
    const place = this.slots.take(either);
    // A cancel may come while whoever reads has not asked for more yet.
    place.catch(() => {});
    try {
      if (ahead > 0) yield { type: 'waiting', why: `${ahead} before this one.`, seconds: null };
      await place;
      yield* this.speak(body, request.maxTokens, either);
    } finally {
      // Whoever leaves while still waiting gives the place back as soon as it comes.
      place.then(
        (leave) => leave(),
        () => {},
      );
    }
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.server.close();
  }

  /** Tries until a reply is whole, or there is no use in another try. */
  private async *speak(
    body: readonly Uint8Array[],
    maxTokens: number,
    signal: AbortSignal,
  ): AsyncGenerator<GenerateEvent> {
    const replay = new Replay();
    for (let tries = 1; ; tries++) {
      let failure: EndpointFailure;
      let leave = () => {};
      let isWhole = false;
      try {
        replay.restart();
        const answer = await this.server.stream('chat/completions', body, signal);
        leave = answer.close;
        const reply = this.read(answer, maxTokens);
        let next = await reply.next();
        for (; !next.done; next = await reply.next()) {
          const { text, tokens } = next.value;
          const fresh = replay.add(text);
          if (fresh === null) throw this.diverged();
          if (fresh !== '') yield { type: 'text', text: fresh, tokens };
        }
        if (!replay.isWhole) throw this.diverged();
        isWhole = true;
        yield { type: 'end', ...next.value, text: replay.text, ids: null };
        return;
      } catch (error) {
        if (!(error instanceof EndpointFailure)) throw error;
        failure = error;
      } finally {
        // A connection that has said all is good for the next turn, without being made anew.
        if (isWhole) setTimeout(leave, LINGER).unref();
        else leave();
      }
      const wait = waitAfter(failure, tries, this.retry);
      yield { type: 'waiting', why: failure.message, seconds: wait / 1000 };
      await pause(wait, signal);
    }
  }

  private read({ body }: HttpResponse, maxTokens: number): AsyncGenerator<ReplyPiece, ReplyEnd> {
    const { server } = this;
    const reader = new ChunkReader(server.host, (words) =>
      server.refusal(typeof words.code === 'number' ? words.code : null, words),
    );
    return readReply(body, reader, maxTokens, server.host);
  }

  private diverged(): EngineError {
    return new EngineError(
      'server',
      `${this.server.host} broke off its reply, and said something else when it was asked again.`,
    );
  }
}

/** How long to wait before the next try; throws where there shall be none. */
function waitAfter({ kind, message, again }: EndpointFailure, tries: number, retry: RetryPolicy): number {
  const wait = again === null ? null : waitBefore(tries, again.after, retry);
  if (wait !== null) return wait;
  const asks =
    again !== null && again.after !== null ? ` It asks to wait ${Math.ceil(again.after / 1000)} s.` : '';
  throw new EngineError(kind, `${message}${asks}${tries > 1 ? ` It was tried ${tries} times.` : ''}`);
}
