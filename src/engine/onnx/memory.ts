import { EngineError, type Provider, WEIGHT_FORMATS, type WeightFormat } from '../engine';
import { gigabytes } from './gigabytes';
import { blocksIn, codeBytes } from './import/codes';
import type { ModelSpec, TextSpec, VisionSpec } from './model-spec';
import { MOST_AT_ONCE } from './most-at-once';
import { type WeightBits, weightBits } from './weight-bits';

/** What a run is going to do, as far as memory depends on it. */
export interface Workload {
  /** Longest conversation in tokens, images included. */
  readonly tokens: number;
  /** Images in it. */
  readonly images: number;
  /** Area of the largest image in pixels of model space; a run may exceed what the model's processor allows. */
  readonly imagePixels: number;
  /** Conversations that are held at once; 1 unless given. */
  readonly parallel?: number;
  /** What computes; the processor unless given. */
  readonly provider?: Provider;
}

/**
 * Bytes that the engine's process needs, by what for. The weights are counted though they may lie in the page cache; what lies
 * on a graphics card as if it shared this memory, since nobody says how much a card has of its own.
 */
export interface MemoryPlan {
  readonly weights: number;
  /** Keys and values of every token of every conversation, and the features of their images. */
  readonly conversations: number;
  /** The vision tower at work on the largest image. */
  readonly image: number;
  /** The text model at work on a piece of the prompt. */
  readonly prompt: number;
  /** Node, onnxruntime, tokenizer. */
  readonly runtime: number;
  readonly total: number;
}

/** Tokens of text in a usual conversation. */
const TEXT = 1024;

/** A conversation of sixteen images of 448 tokens and a thousand tokens of text; images as large as upstream allows. */
export const USUAL_WORKLOAD: Workload = { tokens: TEXT + 16 * 448, images: 16, imagePixels: 448 * 28 * 28 };

/** A run's own limits of its images; null or absent where it has none. */
export interface ImageDemands {
  readonly maxPixels?: number | null;
  readonly maxImages?: number | null;
}

/** The usual conversation with `spec`, whose processor may allow less, within the limits of the run. */
export function workloadOf(spec: ModelSpec, { maxPixels, maxImages }: ImageDemands = {}): Workload {
  const usual = USUAL_WORKLOAD;
  const imagePixels = maxPixels ?? Math.min(usual.imagePixels, spec.images.maxPixels);
  const images = Math.min(usual.images, maxImages ?? usual.images);
  const shorter = Math.min(usual.tokens, TEXT + images * tokensOf(imagePixels, spec));
  // Smaller images than usual do not make a shorter conversation: there may be more of them.
  return { tokens: images < usual.images ? shorter : usual.tokens, images, imagePixels };
}

const tokensOf = (imagePixels: number, { images }: ModelSpec): number =>
  Math.ceil(imagePixels / images.factor ** 2);

/** Tokens of the prompt that the text model takes at a time, at most. */
const PIECE = 256;
/** Measured on Linux: 60 MB for Node, as much for onnxruntime, 135 MB for the 7B's tokenizer. */
const RUNTIME = 250e6;

/**
 * Estimates what a run needs. The terms are the sizes of what is held at once: weights as stored plus the joined q, k
 * and v weights that onnxruntime makes when it loads them; float32 keys and values; for an image and a piece of prompt
 * the widest point of a block and the attention scores. On a graphics card weights of 16 bits become float32 as the model is
 * opened, keys and values are held by the host too, and what is computed in pieces is bounded: see `MOST_AT_ONCE`.
 */
export function planMemory(spec: ModelSpec, weights: WeightFormat, workload: Workload): MemoryPlan {
  const { text, vision } = spec;
  const { parallel = 1, provider = 'cpu' } = workload;
  const tokens = Math.min(workload.tokens, text.maxPositions);
  const patches = Math.ceil(workload.imagePixels / vision.patch ** 2);
  const held = weights === 'fp16' && provider !== 'cpu' ? 'fp32' : weights;
  const parts = {
    weights: textWeights(text, held) + visionWeights(vision),
    conversations: parallel * tokens * tokenBytes(text, provider),
    image: imageWork(vision, patches, provider),
    prompt: promptWork(text, tokens, provider),
    runtime: RUNTIME,
  };
  return { ...parts, total: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0) };
}

/** Keys and values of a token, its rotary rows, and its features should it be an image's. */
function tokenBytes({ layers, kvHeads, headDim, hidden }: TextSpec, provider: Provider): number {
  const places = provider === 'cpu' ? 1 : 2;
  return 4 * (places * 2 * layers * kvHeads * headDim + headDim + hidden);
}

const atOnce = (bytes: number, provider: Provider): number =>
  provider === 'cpu' ? bytes : Math.min(bytes, MOST_AT_ONCE);

/** The text model's layers and head; embedding rows stay on disk. */
function textWeights(text: TextSpec, weights: WeightFormat): number {
  const { hidden, intermediate, layers } = text;
  const matrix = (outputs: number, inputs: number, bits: WeightBits) =>
    bits === 32 || bits === 16
      ? (outputs * inputs * bits) / 8
      : outputs * blocksIn(inputs) * (codeBytes(bits) + 4);
  const layer = (bits: WeightBits) => {
    const joined = matrix((text.heads + 2 * text.kvHeads) * text.headDim, hidden, bits);
    const mlp = 2 * matrix(intermediate, hidden, bits) + matrix(hidden, intermediate, bits);
    // Floats of 16 bits are not joined.
    return (bits === 16 ? 1 : 2) * joined + matrix(hidden, hidden, bits) + mlp;
  };
  let total = matrix(text.vocab, hidden, weightBits(weights, null, layers));
  for (let i = 0; i < layers; i++) total += layer(weightBits(weights, i, layers));
  return total;
}

function visionWeights(vision: VisionSpec): number {
  const { hidden, intermediate, merge, outHidden } = vision;
  const row = vision.inChannels * vision.temporalPatch * vision.patch ** 2;
  const merged = hidden * merge ** 2;
  const numbers =
    row * hidden +
    vision.depth * (4 * hidden ** 2 + 3 * hidden * intermediate) +
    merged * (merged + outHidden);
  return numbers * 4;
}

function imageWork(vision: VisionSpec, patches: number, provider: Provider): number {
  const row = vision.inChannels * vision.temporalPatch * vision.patch ** 2;
  const rows = 4 * patches * (row + 6 * vision.hidden);
  const inside = 3 * atOnce(4 * patches * vision.intermediate, provider);
  return rows + inside + atOnce(4 * vision.heads * patches ** 2, provider);
}

function promptWork(text: TextSpec, tokens: number, provider: Provider): number {
  const piece = Math.min(PIECE, tokens);
  const widest = 6 * text.hidden + 3 * text.intermediate;
  const scores = atOnce(4 * text.heads * piece * tokens, provider);
  return 4 * (piece * widest + 2 * text.vocab) + scores;
}

/**
 * The format to run `spec` in: fp32 where that leaves half of `free` bytes to others, else int8. Throws `EngineError`
 * (`no-space`) with the numbers and what to do if even int8 does not fit.
 */
export function chooseWeights(spec: ModelSpec, free: number, workload: Workload): WeightFormat {
  if (planMemory(spec, 'fp32', workload).total <= free / 2) return 'fp32';
  requireMemory(spec, 'int8', free, workload);
  return 'int8';
}

/** Throws `EngineError` (`no-space`) with the numbers and what to do unless the run fits into `free` bytes. */
export function requireMemory(
  spec: ModelSpec,
  weights: WeightFormat,
  free: number,
  workload: Workload,
): void {
  const need = (changed: Partial<Workload>, format = weights) =>
    planMemory(spec, format, { ...workload, ...changed }).total;
  const plan = planMemory(spec, weights, workload);
  if (plan.total <= free) return;
  const { parallel = 1 } = workload;
  const advice = adviseImages(spec, workload, (changed) => need(changed) <= free);
  const most = mostParallel(spec, weights, free, workload);
  if (most > 0 && most < parallel) advice.push(`Hold at most ${most} at once`);
  const smaller = WEIGHT_FORMATS.slice(WEIGHT_FORMATS.indexOf(weights) + 1);
  const format = smaller.find((one) => need({}, one) <= free);
  if (format !== undefined) advice.push(`Use ${format} weights (${gigabytes(need({}, format))} in all)`);
  const conversations = parallel === 1 ? 'conversation' : `${parallel} conversations`;
  throw noSpace(
    `This run needs about ${gigabytes(plan.total)} of memory (${weights} weights ${gigabytes(plan.weights)}, ` +
      `${conversations} ${gigabytes(plan.conversations + plan.prompt)}, image ${gigabytes(plan.image)})`,
    free,
    advice,
  );
}

/** The cache of a model that is open: `slots` conversations of `tokens` tokens each. */
export interface CacheRoom {
  readonly slots: number;
  readonly tokens: number;
}

/**
 * Bytes that a request to a model that is open takes besides: for what its cache has to grow by, and for its largest image
 * that is not encoded yet.
 */
export function requestMemory(spec: ModelSpec, request: Workload, cache: CacheRoom): number {
  const { tokens, imagePixels, provider = 'cpu' } = request;
  const growth = Math.max(0, Math.min(tokens, spec.text.maxPositions) - cache.tokens);
  const patches = Math.ceil(imagePixels / spec.vision.patch ** 2);
  const tower = imagePixels > 0 ? visionWeights(spec.vision) + imageWork(spec.vision, patches, provider) : 0;
  const text =
    cache.slots * growth * tokenBytes(spec.text, provider) + promptWork(spec.text, tokens, provider);
  // The tower is at work, then the text model.
  return Math.max(tower, text);
}

/** Throws `EngineError` (`no-space`) unless `free` bytes are enough for a request to a model that is open. */
export function requireRequestMemory(
  spec: ModelSpec,
  request: Workload,
  cache: CacheRoom,
  free: number,
): void {
  const need = (changed: Partial<Workload>) => requestMemory(spec, { ...request, ...changed }, cache);
  if (need({}) <= free) return;
  const advice = adviseImages(spec, request, (changed) => need(changed) <= free);
  throw noSpace(`This conversation ${requestNeed(request, need({}))}`, free, advice);
}

/** What a request needs, in words that follow the conversation's name. */
export const requestNeed = ({ tokens, images }: Workload, bytes: number): string =>
  `of ${tokens} tokens and ${images} images needs about ${gigabytes(bytes)} more memory`;

const noSpace = (need: string, free: number, advice: readonly string[]): EngineError =>
  new EngineError(
    'no-space',
    `${need}, but ${gigabytes(free)} are free. ${[...advice, 'Close other programs'].join(', or ')}.`,
  );

/** What smaller or fewer images would make `workload` fit, if either would. */
function adviseImages(
  spec: ModelSpec,
  workload: Workload,
  fits: (changed: Partial<Workload>) => boolean,
): string[] {
  const token = spec.images.factor ** 2;
  const each = tokensOf(workload.imagePixels, spec);
  const advice: string[] = [];
  // Of 16 by 16 tokens at least: in smaller ones there is little to see.
  const pixels = largest(256, each, (tokens) => fits({ imagePixels: tokens * token }));
  if (pixels !== null) advice.push(`Limit images to ${pixels * token} pixels`);
  const shorter = (images: number) => workload.tokens - (workload.images - images) * each;
  const images = largest(1, workload.images, (count) => fits({ images: count, tokens: shorter(count) }));
  if (images !== null && shorter(images) > 0) advice.push(`Use at most ${images} images`);
  return advice;
}

/** The largest whole number from `least` on, below `most`, that fits, or null if `least` does not. */
function largest(least: number, most: number, fits: (count: number) => boolean): number | null {
  let [fitting, failing] = [least, most];
  if (failing <= fitting || !fits(fitting)) return null;
  while (failing - fitting > 1) {
    const middle = Math.floor((fitting + failing) / 2);
    if (fits(middle)) fitting = middle;
    else failing = middle;
  }
  return fitting;
}

/** The most conversations, of those that `workload` asks for, that fit into `free` bytes at once; 0 if not even one does. */
export function mostParallel(
  spec: ModelSpec,
  weights: WeightFormat,
  free: number,
  workload: Workload,
): number {
  const { conversations, total } = planMemory(spec, weights, { ...workload, parallel: 1 });
  const fitting = Math.floor((free - total) / conversations) + 1;
  return Math.max(0, Math.min(fitting, workload.parallel ?? 1));
}
