import * as v from 'valibot';
import type { Contract, Event, Failure, Result } from '../../protocol/contract';
import { ATTENTION_VARIANTS, EngineError, EXPERT_PROVIDERS, PROVIDERS, WEIGHT_FORMATS } from '../engine';
import { probeReport } from './probe/report';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const side = v.pipe(v.number(), v.integer(), v.minValue(1));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const weights = v.picklist(WEIGHT_FORMATS);
const provider = v.picklist(PROVIDERS);
const card = v.picklist(['webgpu', ...EXPERT_PROVIDERS]);
const computing = v.object({ provider, attention: v.picklist(ATTENTION_VARIANTS), why: v.string() });
const bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be bytes');
const imageRef = v.object({ hash, width: side, height: side });

const part = v.variant('type', [
  v.object({ type: v.literal('text'), text: v.string() }),
  v.object({ type: v.literal('image'), image: imageRef }),
]);
const message = v.variant('role', [
  v.object({ role: v.literal('system'), text: v.string() }),
  v.object({ role: v.literal('user'), parts: v.pipe(v.array(part), v.readonly()) }),
  v.object({
    role: v.literal('assistant'),
    text: v.string(),
    tokens: v.optional(v.pipe(v.array(count), v.readonly())),
  }),
]);

const sampling = v.object({
  temperature: v.pipe(v.number(), v.minValue(0)),
  topP: v.pipe(v.number(), v.gtValue(0), v.maxValue(1)),
  seed: v.number(),
});

/** What opening a model is doing: trying the graphics card, importing it (see `ImportProgress`), starting the runtime. */
const openProgress = v.variant('phase', [
  v.object({ phase: v.literal('waiting') }),
  v.object({ phase: v.literal('repairing'), why: v.string() }),
  v.object({ phase: v.literal('verifying'), done: count, total: count }),
  v.object({ phase: v.literal('converting'), done: count, total: count }),
  v.object({ phase: v.literal('probing') }),
  v.object({ phase: v.literal('opening') }),
]);
export type OpenProgress = v.InferOutput<typeof openProgress>;

const runtime = v.object({ version: v.string(), providers: v.pipe(v.array(provider), v.readonly()) });
/** What computes models on this machine. */
export type Runtime = v.InferOutput<typeof runtime>;

const info = v.object({
  model: v.string(),
  hash: v.nullable(v.string()),
  ...computing.entries,
  weights: v.nullable(weights),
  contextLength: count,
  images: v.object({ factor: side, minPixels: side, maxPixels: side }),
  profile: v.nullable(v.string()),
});

const generateEvent = v.variant('type', [
  v.object({ type: v.literal('prefill'), done: count, total: count, reused: count }),
  v.object({ type: v.literal('text'), text: v.string(), tokens: count }),
  v.object({
    type: v.literal('end'),
    reason: v.picklist(['stop', 'length']),
    text: v.string(),
    tokens: count,
    ids: v.pipe(v.array(count), v.readonly()),
  }),
]);

/** What the engine's process is asked, and how it answers. As many replies as it was opened for are under way at once. */
export const engineContract = {
  methods: {
    /**
     * First of all: opens the model, importing it if need be; once it is open, only says what it is. `weights` null: see
     * `chooseWeights`; `maxPixels`, area of the largest image to come, `maxImages`, how many, null: see `workloadOf`; `parallel`:
     * conversations that are held, and replied to, at once.
     */
    open: {
      params: v.object({
        dir: v.string(),
        weights: v.nullable(weights),
        computing,
        cacheDir: v.string(),
        maxPixels: v.nullable(side),
        maxImages: v.nullable(side),
        parallel: side,
      }),
      event: openProgress,
      result: info,
    },
    /** The version of onnxruntime, and what it can compute with here; no model need be open. */
    runtime: { params: v.null(), event: v.never(), result: runtime },
    /** The most memory, in bytes, that this process has had at one time. */
    memory: { params: v.null(), event: v.never(), result: count },
    /** Tries the graphics card for the model in `dir`, see `probe`; no model need be open. The driver may end the process. */
    probe: {
      params: v.object({
        ...{ dir: v.string(), provider: card },
        ...{ timed: v.boolean(), thorough: v.boolean(), several: v.boolean() },
      }),
      event: v.never(),
      result: probeReport,
    },
    /** Which of these images it does not have. */
    missing: { params: v.array(hash), event: v.never(), result: v.array(hash) },
    /** A part of the pixels of an image, from byte `offset` on; the parts come in order. */
    pixels: {
      params: v.object({ image: imageRef, offset: count, data: bytes }),
      event: v.never(),
      result: v.null(),
    },
    /** Continues a conversation whose images it has; `not-sent` if it lacks one. */
    generate: {
      params: v.object({
        messages: v.pipe(v.array(message), v.readonly()),
        sampling,
        maxTokens: v.pipe(v.number(), v.integer(), v.minValue(1)),
      }),
      event: generateEvent,
      result: v.null(),
    },
  },
  /**
   * `not-open`: this process is a fresh one, call `open` first. `not-sent`: send the images again. `device`: the graphics
   * card failed, or has no room where the processor has, and this process is of no more use. Others: see `EngineError`.
   */
  failure: v.object({
    kind: v.picklist([
      'cancelled',
      'bad-request',
      'bad-model',
      'no-space',
      'out-of-memory',
      'not-open',
      'not-sent',
      'device',
    ]),
    message: v.string(),
  }),
} satisfies Contract;
export type EngineContract = typeof engineContract;

/** A `GenerateEvent` of this engine, which knows all that it tells. */
export type LocalEvent = Event<EngineContract, 'generate'>;
/** An `EngineInfo` of this engine. */
export type LocalInfo = Result<EngineContract, 'open'>;

/** No model has been opened in this process. */
export class NotOpenError extends Error {
  override readonly name = 'NotOpenError';
}

/** An image of a request is not in this process, or was dropped before the request came. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

/** The graphics card failed, or has no room where the processor has; the message says how. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
}

/** An error as the contract writes it; undefined for one that nobody foresaw. */
export function failureOf(error: unknown): Failure<EngineContract> | undefined {
  if (error instanceof NotOpenError) return { kind: 'not-open', message: error.message };
  if (error instanceof NotSentError) return { kind: 'not-sent', message: error.message };
  if (error instanceof DeviceError) return { kind: 'device', message: error.message };
  if (!(error instanceof EngineError)) return undefined;
  const failure = v.safeParse(engineContract.failure, { kind: error.kind, message: error.message });
  return failure.success ? failure.output : undefined;
}
