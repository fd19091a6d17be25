/** What a token costs after few others and after many, and how much of the difference is attention's own work. */
import * as ort from 'onnxruntime-node';
import { buildAppendGraph, farShape } from '../../src/engine/onnx/graph/cache-graph';
import { GraphBuilder } from '../../src/engine/onnx/graph/graph-builder';
import { attentions } from '../../src/engine/onnx/graph/text-attention';
import { UNREADABLE } from '../../src/engine/onnx/graph/text-graph';
import type { TextSpec } from '../../src/engine/onnx/model-spec';
import { openSession, run, runInPlace } from '../../src/engine/onnx/runtime/session';
import { SharedCache } from '../../src/engine/onnx/runtime/shared-cache';
import type { TextModel } from '../../src/engine/onnx/runtime/text-model';
import { type Bars, median, note } from './bars';

export const SHORT = 500;
export const LONG = 8000;
/** Tokens of a measurement: as many as `SplitCache` brings to the device at a time, which is done once among them. */
export const TOKENS = 64;
/** Most tokens that are read at a time. */
const PIECE = 250;
/** Measurements, turn about. */
export const ROUNDS = 3;

/** A language model with slots that are run as a conversation runs them. */
export class Speaker {
  constructor(
    readonly model: TextModel,
    private readonly hidden: number,
  ) {}

  /** Milliseconds to run the tokens `[start, end)` of a slot, in pieces. */
  async read(slot: number, start: number, end: number): Promise<number> {
    const { cache } = this.model;
    const began = performance.now();
    for (let at = start, next = at; at < end; at = next) {
      next = at + cache.piece(slot, at, Math.min(PIECE, end - at));
      for (let t = at; t < next; t++) cache.place(slot, t, [t, t, t]);
      const embeds = Float32Array.from({ length: (next - at) * this.hidden }, (_, i) => ((i * 31) % 17) / 17);
      await this.model.forward(embeds, [slot], [at]);
    }
    return performance.now() - began;
  }

  /** Milliseconds of each token after the first `length` of a slot. */
  async speak(slot: number, length: number): Promise<number> {
    await this.read(slot, length, length + 4);
    const began = performance.now();
    for (let t = length + 4; t < length + 4 + TOKENS; t++) await this.read(slot, t, t + 1);
    return (performance.now() - began) / TOKENS;
  }
}

/** Attention and nothing else, of all layers, one token over so many others: to be run again and again. */
export interface Attention {
  /** Milliseconds. */
  time(length: number): Promise<number>;
  close(): Promise<void>;
}

/** On WebGPU: the products and the softmax of decomposed attention, over keys and values that lie on the device. */
export async function splitAttention(spec: TextSpec): Promise<Attention> {
  const { heads, kvHeads, headDim, layers } = spec;
  const options = { dir: '', provider: 'webgpu', use: 'constant' } as const;
  const append = await openSession(buildAppendGraph(spec, 'decomposed'), {
    ...{ ...options, onDevice: ['new_key', 'new_value'] },
  });
  const made = new Map<number, ort.InferenceSession.ReturnType>();
  for (const length of [SHORT, LONG]) {
    const none = (side: 'key' | 'value') =>
      new ort.Tensor('float32', new Float32Array(), farShape(spec, 'decomposed', side, 0));
    const rows = numbers(length * 2 * kvHeads * headDim);
    const shape = [length, 2, kvHeads, headDim];
    const feeds = {
      ...{ key: none('key'), value: none('value') },
      rows: new ort.Tensor('float32', rows, shape),
    };
    made.set(length, await run(append, feeds, { new_key: null, new_value: null }));
  }
  const graph = new GraphBuilder();
  const grouped = [1, kvHeads, heads / kvHeads, headDim];
  const side = (name: 'key' | 'value') =>
    graph.input(name, 'float32', farShape(spec, 'decomposed', name, 'n'));
  const scores = graph.node('MatMul', [graph.input('q', 'float32', grouped), side('key')]);
  const shares = graph.node('Softmax', [scores], { attributes: { axis: { int: -1 } } });
  const attended = graph.node('MatMul', [shares, side('value')], { outputs: ['y'] });
  graph.output(attended, 'float32', grouped);
  const session = await openSession(graph.finish('attention'), options);
  const q = new ort.Tensor('float32', new Float32Array(heads * headDim).fill(0.1), grouped);
  return {
    time: async (length) => {
      const { new_key: key, new_value: value } = made.get(length) ?? {};
      if (!key || !value) throw new RangeError(`there are no ${length} tokens on the device`);
      const began = performance.now();
      for (let i = 0; i < layers; i++) await run(session, { q, key, value }, { y: null });
      return performance.now() - began;
    },
    close: async () => {
      // Tensors on the device must go before the sessions.
      for (const tensors of made.values()) for (const tensor of Object.values(tensors)) tensor.dispose();
      await session.release();
      await append.release();
    },
  };
}

/** On the processor: the operator that the text graph has in every layer, over a cache of `capacity` tokens. */
export async function sharedAttention(spec: TextSpec, capacity: number): Promise<Attention> {
  const graph = new GraphBuilder();
  const ends = graph.input('last', 'int32', ['b']);
  graph.outputSequence(graph.node('SequenceConstruct', [ends], { outputs: [UNREADABLE] }), 'int32');
  const width = (spec.heads + 2 * spec.kvHeads) * spec.headDim;
  const qkv = graph.input('qkv', 'float32', ['rows', width]);
  const attention = attentions['shared-cache'](graph, spec);
  for (let layer = 0; layer < spec.layers; layer++) attention.attend(qkv, layer);
  attention.finish();
  const session = await openSession(graph.finish('attention'), { dir: '', provider: 'cpu', use: 'constant' });
  const cache = new SharedCache(spec, 1);
  cache.reserve(capacity, [0]);
  fillCache(cache, 0, 1);
  const { feeds, fetches } = cache.bind(0, 1);
  return {
    time: async (length) => {
      cache.place(0, length, [length, length, length]);
      const inputs = {
        ...feeds,
        last: new ort.Tensor('int32', [0], [1]),
        qkv: new ort.Tensor('float32', numbers(width), [1, width]),
        packed: new ort.Tensor('int64', BigInt64Array.from([1n, 1n, -1n]), [3]),
        positions: new ort.Tensor('int64', BigInt64Array.from([BigInt(length)]), [1, 1]),
        seqlens_k: new ort.Tensor('int32', [length], [1]),
        total: new ort.Tensor('int32', [length + 1], []),
      };
      const began = performance.now();
      await runInPlace(session, inputs, fetches, UNREADABLE);
      return performance.now() - began;
    },
    close: () => session.release(),
  };
}

/** Gives slots keys and values, as if tokens had been read: what a token costs does not depend on the numbers. */
export function fillCache(cache: SharedCache, first: number, count: number): void {
  for (const { data } of Object.values(cache.bind(first, count).fetches)) {
    if (data instanceof Float32Array) data.set(numbers(data.length));
  }
}

const numbers = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => (((i * 7) % 13) - 6) / 13);

/** Milliseconds of a token, in each round. */
export interface Spoken {
  readonly short: readonly number[];
  readonly long: readonly number[];
}

/**
 * Says what a token costs after `SHORT` and after `LONG` others, and of the difference what attention alone costs. The bar is on the
 * rest: what handling the cache and the host add must not grow with the length.
 */
export async function compareLengths(
  what: string,
  { short, long }: Spoken,
  attention: Attention,
  bars: Bars,
): Promise<void> {
  const times = { short: [] as number[], long: [] as number[] };
  for (let i = 0; i < TOKENS / 2; i++) {
    times.short.push(await attention.time(SHORT));
    times.long.push(await attention.time(LONG));
  }
  // The first ones make programs and touch memory.
  const [few, many] = [median(times.short.slice(4)), median(times.long.slice(4))];
  const [a, b] = [Math.min(...short), Math.min(...long)];
  note(`${what}: a token after ${SHORT} others, best of ${short.length}`, a, ' ms');
  note(`${what}: a token after ${LONG} others, best of ${long.length}`, b, ' ms');
  note(`${what}: attention alone, after ${SHORT}`, few, ' ms');
  note(`${what}: attention alone, after ${LONG}`, many, ' ms');
  note(`${what}: that token against this, with attention's growth`, b / a, '');
  bars.most(`${what}: that token against this, without attention's growth`, (b - (many - few)) / a, 1.5, '');
}
