import { join } from 'node:path';
import * as v from 'valibot';
import { CallError, Refusal } from '../../protocol/call-error';
import type { CallOptions } from '../../protocol/caller';
import type { Event, MethodName, Params, Result } from '../../protocol/contract';
import { type StreamCall, streamCall } from '../../protocol/stream';
import { Supervisor } from '../../protocol/supervisor';
import type { RgbImage } from '../../trace/geometry';
import {
  type Computing,
  cancelled,
  type Engine,
  EngineError,
  type EngineInfo,
  type GenerateEvent,
  type GenerateRequest,
  type Message,
  type ProviderChoice,
  type WeightFormat,
} from '../engine';
import { Slots } from '../slots';
import { defaultCacheDir } from './cache-dir';
import { chooseProvider } from './choose-provider';
import { firstLine, onCpu } from './computing';
import {
  DeviceError,
  type EngineContract,
  engineContract,
  NotOpenError,
  NotSentError,
  type OpenProgress,
  type Runtime,
} from './engine-contract';
import { imageHash, sliceBytes } from './image-hash';
import type { ChatMessage, ChatPart, ImageRef } from './prompt/chat';

export interface OpenOptions {
  /** The checkpoint folder. */
  readonly dir: string;
  /** Chosen by the memory that is free unless given. */
  readonly weights?: WeightFormat | undefined;
  /** `auto` unless given. */
  readonly provider?: ProviderChoice | undefined;
  /** What computes, where that was found out before: then the graphics card is not tried again. */
  readonly computing?: Computing | undefined;
  /** Told what computes and why once that is known, and again if it changes: after a failure of the graphics card. */
  readonly onComputing?: ((computing: Computing) => void) | undefined;
  /** Area of the largest image to come, in pixels: memory is reckoned for it. The usual size unless given. */
  readonly maxPixels?: number | undefined;
  /** Most images of a conversation, likewise. */
  readonly maxImages?: number | undefined;
  /** How many conversations it holds, and goes on with, at once: 1 unless given. Further ones wait their turn. */
  readonly parallel?: number;
  /** Folder of imported models; `defaultCacheDir()` unless given. */
  readonly cacheDir?: string | undefined;
  readonly onProgress?: (progress: OpenProgress) => void;
  readonly signal?: AbortSignal | undefined;
  /** The engine's program; `engine.js` beside this one unless given. */
  readonly entry?: string;
  /** Longest silence of the engine in milliseconds: longer than it takes to encode the largest image. */
  readonly hangLimit?: number;
}

const defaultHangLimit = 300_000;

/**
 * How long a cancelled reply waits for the rest of its text, in milliseconds: much longer than text is held back, and
 * short enough for whoever cancels while the engine is deep in a long stretch of the prompt.
 */
const cancelGrace = 250;

/**
 * Opens a checkpoint in a process of its own, importing it the first time. Throws `EngineError`: `bad-model`,
 * `no-space` (disk or memory), `cancelled`, or how the process failed. A process that dies later ends the runs that it was
 * serving; the next `generate` starts another one. A graphics card that fails, or has no room for a conversation where the
 * processor has, is given up for that: what has said nothing yet goes on there, what has is ended with words.
 *
 * With `parallel` 1 the same requests, one after another, give the same replies each time. With more, a token is computed
 * for all that speak at once, and how many those are may change its logits in the last digits.
 */
export async function openOnnxEngine(options: OpenOptions): Promise<LocalEngine> {
  const engine = new EngineProcess(options);
  try {
    await engine.open(options.signal);
    return new OnnxEngine(engine, options.parallel ?? 1);
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** What computes here. Asks a process of the engine, since onnxruntime is loaded nowhere else. */
export async function askRuntime(
  entry = join(__dirname, 'engine.js'),
  signal?: AbortSignal,
): Promise<Runtime> {
  const supervisor = new Supervisor(engineContract, { entry, name: 'the engine' });
  try {
    return await supervisor.call('runtime', null, { signal });
  } catch (error) {
    throw asEngineError(error);
  } finally {
    await supervisor.close();
  }
}

/** The engine's process with a model open in it, again and again if need be. */
class EngineProcess {
  private supervisor: Supervisor<EngineContract>;
  /** What the first process chose holds for the next ones too, whatever memory is free when they start. */
  private weights: WeightFormat | null;
  private computing: Computing | null = null;
  private told: Computing | null = null;
  private opened: EngineInfo | null = null;
  private leaving: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: OpenOptions) {
    this.weights = options.weights ?? null;
    this.computing = options.computing ?? null;
    this.supervisor = this.newSupervisor();
  }

  /** What the model is; it computes elsewhere after a failure of the graphics card. */
  get info(): EngineInfo {
    if (!this.opened) throw new Error('no model is open');
    return this.opened;
  }

  async open(signal?: AbortSignal): Promise<void> {
    const { dir, cacheDir = defaultCacheDir(), parallel = 1, onProgress } = this.options;
    const { maxPixels = null, maxImages = null } = this.options;
    const { weights } = this;
    const onEvent = (progress: OpenProgress) => onProgress?.(progress);
    this.computing ??= await chooseProvider(this.options, signal);
    // What a process that was given up holds is free again then.
    await this.leaving;
    const { computing } = this;
    try {
      const params = { dir, weights, computing, cacheDir, maxPixels, maxImages, parallel };
      this.opened = await this.call('open', params, { signal, onEvent });
    } catch (error) {
      if (error instanceof DeviceError) return this.open(signal);
      throw error;
    }
    this.weights = this.opened.weights;
    if (this.told !== computing) this.options.onComputing?.(computing);
    this.told = computing;
  }

  /**
   * Does work that needs the model, images and all in one process. Work that comes upon a fresh process is done again from
   * its beginning, after that has opened the model: what was sent to the one before is gone. So is work whose images were
   * dropped for those of others, or whose graphics card failed.
   */
  async inOneProcess<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof NotOpenError) await this.open(signal);
        else if (!(error instanceof NotSentError || error instanceof DeviceError)) throw error;
      }
    }
  }

  /**
   * Calls a method; how it fails becomes an `EngineError`. Throws `NotOpenError` or `NotSentError`, see the contract, and
   * `DeviceError`: the next process will be on the processor.
   */
  async call<M extends MethodName<EngineContract>>(
    method: M,
    params: Params<EngineContract, M>,
    options: CallOptions<Event<EngineContract, M>>,
  ): Promise<Result<EngineContract, M>> {
    const { supervisor, computing } = this;
    try {
      return await supervisor.call(method, params, options);
    } catch (error) {
      if (computing && computing.provider !== 'cpu') {
        const why = failureOfDevice(error);
        if (why !== null) this.giveUp(computing, why);
        // Another call that was under way may have heard of it first.
        if (this.computing !== computing) throw new DeviceError(this.computing?.why);
      }
      if (!(error instanceof Refusal)) throw asEngineError(error);
      const { kind, message } = v.parse(engineContract.failure, error.failure);
      if (kind === 'not-open') throw new NotOpenError(message);
      if (kind === 'device') throw new DeviceError(message);
      throw kind === 'not-sent' ? new NotSentError(message) : new EngineError(kind, message);
    }
  }

  async close(): Promise<void> {
    await this.supervisor.close();
    await this.leaving;
  }

  /** Leaves the process, and whatever the graphics card holds, for one on the processor. */
  private giveUp(failed: Computing, why: string): void {
    if (this.computing !== failed) return;
    this.computing = onCpu(`the graphics card was given up (${firstLine(why)})`);
    this.leaving = this.supervisor.close();
    this.supervisor = this.newSupervisor();
  }

  private newSupervisor(): Supervisor<EngineContract> {
    return new Supervisor(engineContract, {
      entry: this.options.entry ?? join(__dirname, 'engine.js'),
      name: 'the engine',
      hangLimit: this.options.hangLimit ?? defaultHangLimit,
    });
  }
}

/** What a failed call says of the graphics card that it was made on; null if that is not to blame. */
function failureOfDevice(error: unknown): string | null {
  if (error instanceof Refusal) {
    const { kind, message } = v.parse(engineContract.failure, error.failure);
    return kind === 'device' ? message : null;
  }
  const died = error instanceof CallError && (error.kind === 'crashed' || error.kind === 'hung');
  return died ? error.message : null;
}

/** An engine on this machine. */
export interface LocalEngine extends Engine {
  /** The most memory, in bytes, that its process has had at one time; what lies on a graphics card is not in it. */
  peakMemory(): Promise<number>;
}

class OnnxEngine implements LocalEngine {
  private readonly slots: Slots;
  /** Images go over one request after another, so that none goes twice. */
  private readonly sending = new Slots(1);

  constructor(
    private readonly engine: EngineProcess,
    parallel: number,
  ) {
    this.slots = new Slots(parallel);
  }

  get info(): EngineInfo {
    return this.engine.info;
  }

  peakMemory(): Promise<number> {
    return this.engine.call('memory', null, {});
  }

  async *generate(request: GenerateRequest, signal?: AbortSignal): AsyncGenerator<GenerateEvent> {
    yield* streamCall<GenerateEvent, void>((call) => this.run(request, call), signal);
  }

  private async run(request: GenerateRequest, call: StreamCall<GenerateEvent>): Promise<void> {
    const done = await this.slots.take(call.signal);
    try {
      await this.serve(request, call);
    } finally {
      done();
    }
  }

  private async serve(request: GenerateRequest, call: StreamCall<GenerateEvent>): Promise<void> {
    const { signal } = call;
    const images = new Map<string, RgbImage>();
    const messages: ChatMessage[] = [];
    for (const message of request.messages) messages.push(await refer(message, images));
    const { sampling, maxTokens } = request;
    let said = false;
    const onEvent = (event: GenerateEvent) => {
      said ||= event.type === 'text';
      call.onEvent(event);
    };
    await this.engine.inOneProcess(async () => {
      await this.sendMissing(images, signal);
      try {
        const options = { signal, onEvent, grace: cancelGrace };
        await this.engine.call('generate', { messages, sampling, maxTokens }, options);
      } catch (error) {
        if (!(error instanceof DeviceError) || !said) throw error;
        throw new EngineError(
          'crashed',
          `${sentence(error.message)} The next run computes on the processor.`,
        );
      }
    }, signal);
  }

  private async sendMissing(images: ReadonlyMap<string, RgbImage>, signal: AbortSignal): Promise<void> {
    const done = await this.sending.take(signal);
    try {
      for (const hash of await this.missing([...images.keys()], signal)) {
        const image = images.get(hash);
        if (image) await this.send(hash, image, signal);
      }
    } finally {
      done();
    }
  }

  /** A process that died while nobody needed it shows only in the first call after that; a fresh one is asked again. */
  private missing(hashes: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const ask = () => this.engine.call('missing', hashes, { signal });
    return ask().catch((error: unknown) => {
      const died =
        error instanceof EngineError && ['killed', 'crashed', 'out-of-memory'].includes(error.kind);
      if (!died) throw error;
      return ask();
    });
  }

  private async send(hash: string, image: RgbImage, signal: AbortSignal): Promise<void> {
    const { width, height, data } = image;
    for (let offset = 0; offset < data.length; offset += sliceBytes) {
      const part = data.subarray(offset, offset + sliceBytes);
      await this.engine.call('pixels', { image: { hash, width, height }, offset, data: part }, { signal });
    }
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}

/** A message with its images named by hash; the images go to `images`. */
async function refer(message: Message, images: Map<string, RgbImage>): Promise<ChatMessage> {
  if (message.role !== 'user') return message;
  const parts: ChatPart[] = [];
  for (const part of message.parts) {
    if (part.type === 'text') {
      parts.push(part);
      continue;
    }
    const { width, height, data } = part.image;
    if (data.length !== width * height * 3) {
      throw new EngineError('bad-request', `An image of ${width}x${height} pixels has ${data.length} bytes.`);
    }
    const image: ImageRef = { hash: await imageHash(part.image), width, height };
    images.set(image.hash, part.image);
    parts.push({ type: 'image', image });
  }
  return { role: 'user', parts };
}

function asEngineError(error: unknown): unknown {
  if (!(error instanceof CallError)) return error;
  const message = sentence(error.message);
  switch (error.kind) {
    case 'cancelled':
    case 'closed':
      return cancelled();
    case 'out-of-memory':
      return new EngineError(
        error.kind,
        `${message} Use smaller or fewer images, or smaller weights (int8, int4); the next run starts it anew.`,
      );
    case 'killed':
    case 'hung':
      return new EngineError(error.kind, `${message} The next run starts it anew.`);
    default:
      return new EngineError('crashed', `${message} The next run starts it anew.`);
  }
}

const sentence = (words: string): string => `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}.`;
