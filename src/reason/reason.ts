import type { Engine, EngineErrorKind, Message, Part, Sampling } from '../engine/engine';
import type { PixelService } from '../image/pixel-service';
import { withDerived } from '../trace/derive';
import type { RgbImage, Size } from '../trace/geometry';
import { inputImages, type LineageImage } from '../trace/lineage';
import { type ParsedTurn, parseTurn } from '../trace/parse-turn';
import {
  type InputImage,
  type RunLimits,
  type SpokenTurn,
  TRACE_FORMAT,
  type Trace,
  type TraceFinish,
} from '../trace/trace';
import { type PromptProfile, profileHash } from './profile';
import type { Question } from './question';
import { type PromptPart, renderDrawn, renderQuestion, renderSystem, type ShownImage } from './render-prompt';
import { speak } from './speak';
import { type FinishedTurn, nextStep } from './stop-rule';

/** A question and the pictures it is about. */
export interface Job {
  readonly id: string;
  readonly question: Question;
  /**
   * `path` is what the trace records, `file` is what is opened. `model` is the size in model space that the given turns are
   * about, where it is known.
   */
  readonly images: readonly {
    readonly path: string;
    readonly file: string;
    readonly model?: Size | null;
  }[];
  /** What the trace records as its source. */
  readonly source: Trace['source'];
  /** Turns that count as said by the model, and ended by it: the loop goes on after them, as if it had said them. */
  readonly given?: readonly SpokenTurn[];
}

/** What happens while the loop runs, in order. Turns are counted from 0, images from 1; pixels are model space. */
export type ReasonEvent =
  /** An image is there: an input (`base` null), or one that a turn drew on image `base`. */
  | { readonly type: 'image'; readonly image: LineageImage; readonly pixels: RgbImage }
  /** `done` of `total` prompt tokens of this turn are in, of which `reused` needed no work. */
  | {
      readonly type: 'prefill';
      readonly turn: number;
      readonly done: number;
      readonly total: number;
      readonly reused: number;
    }
  /** Nothing goes on, for so many seconds where that is known, and why. */
  | { readonly type: 'waiting'; readonly turn: number; readonly why: string; readonly seconds: number | null }
  /** More of what the model says; `tokens` counts those of this turn so far, or is null if nobody knows. */
  | { readonly type: 'text'; readonly turn: number; readonly text: string; readonly tokens: number | null }
  | { readonly type: 'turn'; readonly turn: number; readonly spoken: SpokenTurn; readonly parsed: ParsedTurn }
  | { readonly type: 'finish'; readonly trace: Trace };

export interface ReasonOptions {
  readonly engine: Engine;
  readonly pixels: PixelService;
  readonly profile: PromptProfile;
  readonly limits: RunLimits;
  /** Turn k draws its tokens with `seed + k`. */
  readonly sampling: Sampling;
  /** False feeds each drawing turn's base image back undrawn. */
  readonly drawing: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: ReasonEvent) => void) | undefined;
  /** Told what kind of failure it was where the engine fails, or is stopped: the trace says it in words. */
  readonly onFailure?: ((kind: EngineErrorKind) => void) | undefined;
}

/**
 * Asks the question and lets the model think, draw and look until a stop rule ends it (`nextStep`).
 *
 * Throws only before the model is asked: `RangeError` for a question whose number of images does not fit its kind, or of
 * whose images the given turns know other sizes than the model will see; and whatever `pixels.load` throws (`ImageError` for a picture that cannot be read). From then on every failure and every
 * abort of `signal` gives a trace, with all that was said until then and the reason in `finish` and `error`.
 */
export async function reason(job: Job, options: ReasonOptions): Promise<Trace> {
  checkImages(job);
  const startedAt = new Date();
  const { inputs, pixels } = await loadImages(job, options);
  const loop = new Loop(job, options, inputs, pixels, startedAt);
  return loop.run();
}

function checkImages({ question: { kind }, images: { length } }: Job): void {
  if (length === 0) throw new RangeError('The question has no image.');
  if (kind === 'single' && length > 1) {
    throw new RangeError(
      `A question about a single image has ${length} images; is it about several views, or a video?`,
    );
  }
}

async function loadImages(
  job: Job,
  { engine, pixels: service, limits }: ReasonOptions,
): Promise<{ inputs: InputImage[]; pixels: RgbImage[] }> {
  const { minPixels, maxPixels } = limits;
  const inputs: InputImage[] = [];
  const pixels: RgbImage[] = [];
  for (const { path, file, model } of job.images) {
    const loaded = await service.load(file, { factor: engine.info.images.factor, minPixels, maxPixels });
    const { image, sha256 } = loaded;
    checkSize(path, image, model ?? null);
    inputs.push({ path, file: loaded.file, model: { width: image.width, height: image.height }, sha256 });
    pixels.push(image);
  }
  return { inputs, pixels };
}

/** Coordinates are pixels of model space: on an image of another size they would mean other places. */
function checkSize(path: string, { width, height }: Size, given: Size | null): void {
  if (given === null || (given.width === width && given.height === height)) return;
  throw new RangeError(
    `The model would see ${path} as ${width} by ${height} pixels; what is drawn already is about ${given.width} by ${given.height}. Raise the limit of pixels, or choose a model that sees as much.`,
  );
}

/** The conversation of one job. */
class Loop {
  private readonly spoken: SpokenTurn[] = [];
  private readonly images: LineageImage[];
  private readonly messages: Message[] = [];

  constructor(
    private readonly job: Job,
    private readonly options: ReasonOptions,
    private readonly inputs: readonly InputImage[],
    /** `pixels[i]` are those of image `i + 1`. */
    private readonly pixels: RgbImage[],
    private readonly startedAt: Date,
  ) {
    this.images = inputImages(inputs.length);
  }

  async run(): Promise<Trace> {
    const { limits, profile } = this.options;
    for (const image of this.images) this.emit({ type: 'image', image, pixels: this.pixelsOf(image.number) });
    if (this.images.length > limits.maxImages) {
      return this.end(
        'TooManyImages',
        `The question has ${this.images.length} images; the limit is ${limits.maxImages}.`,
      );
    }
    const sizes = this.pixels.map(({ width, height }) => ({ width, height }));
    this.messages.push({ role: 'system', text: renderSystem(profile, this.pixelsOf(1)) });
    this.say(renderQuestion(profile, this.job.question, sizes));
    const given = this.job.given ?? [];
    for (let number = 0; ; number++) {
      const spoken = given[number];
      const outcome = spoken ? await this.take(number, spoken) : await this.turn(number);
      if (outcome) return outcome;
    }
  }

  /** A turn that was given; the trace if it cannot be gone on from. */
  private take(number: number, spoken: SpokenTurn): Promise<Trace | null> {
    this.spoken.push(spoken);
    return this.follow({ number, text: spoken.text, parsed: parseTurn(spoken.text), finish: 'stop' }, null);
  }

  /** One turn and the drawing of its images; the trace if it is the last one. */
  private async turn(number: number): Promise<Trace | null> {
    const { engine, sampling, limits, signal, onEvent, onFailure } = this.options;
    const request = {
      messages: [...this.messages],
      sampling: { ...sampling, seed: sampling.seed + number },
      maxTokens: limits.maxTokens,
    };
    const reply = await speak(engine, request, signal, (event) => {
      if (event.type !== 'end') onEvent?.({ ...event, turn: number });
    });
    const { text, finish, tokens, ids, seconds, error, kind } = reply;
    if (kind !== null) onFailure?.(kind);
    const spoken: SpokenTurn = { text, finish, tokens, seconds };
    const parsed = parseTurn(text);
    this.spoken.push(spoken);
    this.emit({ type: 'turn', turn: number, spoken, parsed });
    if (finish === 'cancelled' || finish === 'failed') return this.end(finish, error);
    return this.follow({ number, text, parsed, finish }, ids);
  }

  /** What comes of a turn: its images, and the message that shows them. `ids` are its tokens, where they are known. */
  private async follow(turn: FinishedTurn, ids: readonly number[] | null): Promise<Trace | null> {
    const { text } = turn;
    const step = nextStep(turn, this.images, this.options.limits);
    if (step.type === 'end') return this.end(step.finish, null);
    this.messages.push({ role: 'assistant', text, ...(ids && { tokens: ids }) });
    try {
      for (const image of step.images) await this.draw(image);
    } catch (error) {
      return this.end('failed', error instanceof Error ? error.message : String(error));
    }
    const [first, ...rest] = step.images.map((image) => this.shown(image));
    if (!first) throw new Error('a drawing turn gave no image');
    this.say(renderDrawn(this.options.profile, [first, ...rest], step.final));
    return null;
  }

  private async draw(image: LineageImage): Promise<void> {
    const { pixels, drawing } = this.options;
    const base = this.pixelsOf(image.base ?? image.number);
    const painted = drawing ? await pixels.paint(base, image.canvas) : base;
    this.images.push(image);
    this.pixels.push(painted);
    this.emit({ type: 'image', image, pixels: painted });
  }

  private shown({ number }: LineageImage): ShownImage {
    return { number, size: this.pixelsOf(number) };
  }

  private say(parts: readonly PromptPart[]): void {
    const said = parts.map(
      (part): Part => (part.type === 'text' ? part : { type: 'image', image: this.pixelsOf(part.number) }),
    );
    this.messages.push({ role: 'user', parts: said });
  }

  private pixelsOf(number: number): RgbImage {
    const pixels = this.pixels[number - 1];
    if (!pixels) throw new Error(`image ${number} of ${this.pixels.length} was asked for`);
    return pixels;
  }

  private end(finish: TraceFinish, error: string | null): Trace {
    const { job, options } = this;
    const { engine, profile, limits, sampling, drawing } = options;
    const trace = withDerived({
      format: TRACE_FORMAT,
      id: job.id,
      question: job.question.text,
      options: job.question.options,
      type: job.question.type,
      gold: job.question.gold,
      kind: job.question.kind,
      images: this.inputs,
      turns: this.spoken,
      finish,
      error,
      run: {
        model: engine.info.model,
        hash: engine.info.hash,
        provider: engine.info.provider,
        weights: engine.info.weights,
        profile: profileHash(profile),
        limits,
        sampling,
        drawing,
        startedAt: this.startedAt.toISOString(),
        seconds: (Date.now() - this.startedAt.getTime()) / 1000,
      },
      source: job.source,
    });
    this.emit({ type: 'finish', trace });
    return trace;
  }

  private emit(event: ReasonEvent): void {
    this.options.onEvent?.(event);
  }
}
