/**
 * What the cache on WebGPU costs, on whatever adapter there is: a token at a long context against one at a short one, and
 * going back and branching against reading the prompt again. Usage: see scripts/bench-webgpu.mjs.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { openCheckpoint } from '../../src/engine/onnx/checkpoint';
import { buildAppendGraph, farShape, type SplitAttention } from '../../src/engine/onnx/graph/cache-graph';
import { GraphBuilder } from '../../src/engine/onnx/graph/graph-builder';
import type { TextSpec } from '../../src/engine/onnx/model-spec';
import { writeSmallModel } from '../../src/engine/onnx/probe/small-model';
import { openSession, run } from '../../src/engine/onnx/runtime/session';
import { TextModel } from '../../src/engine/onnx/runtime/text-model';
import { Bars, median, note, noteLoad } from './bars';

const SHORT = 500;
const LONG = 8000;
const PIECE = 250;
const TOKENS = 24;

/** The language model of a small random checkpoint, with slots that are run as a conversation runs them. */
class Speaker {
  constructor(
    private readonly model: TextModel,
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

  /** Milliseconds of a token after `length` others. A block of the cache may begin among them: it belongs to the cost. */
  async speak(length: number): Promise<number> {
    await this.read(0, length, length + 4);
    const began = performance.now();
    for (let t = length + 4; t < length + 4 + TOKENS; t++) await this.read(0, t, t + 1);
    return (performance.now() - began) / TOKENS;
  }
}

/** Milliseconds of nothing but the products and the softmax of one layer's attention, one token over `length` others. */
async function attendAlone(spec: TextSpec, length: number): Promise<number> {
  const { heads, kvHeads, headDim } = spec;
  const append = await openSession(buildAppendGraph(spec, 'decomposed'), {
    ...{ dir: '', provider: 'webgpu', use: 'constant', onDevice: ['new_key', 'new_value'] },
  });
  const none = (side: 'key' | 'value') =>
    new ort.Tensor('float32', new Float32Array(), farShape(spec, 'decomposed', side, 0));
  const rows = new Float32Array(length * 2 * kvHeads * headDim).map((_, i) => ((i * 7) % 13) / 13);
  const shape = [length, 2, kvHeads, headDim];
  const made = await run(
    append,
    { key: none('key'), value: none('value'), rows: new ort.Tensor('float32', rows, shape) },
    { new_key: null, new_value: null },
  );
  const graph = new GraphBuilder();
  const side = (name: 'key' | 'value') =>
    graph.input(name, 'float32', farShape(spec, 'decomposed', name, 'n'));
  const q = graph.input('q', 'float32', [1, kvHeads, heads / kvHeads, headDim]);
  const scores = graph.node('MatMul', [q, side('key')]);
  const shares = graph.node('Softmax', [scores], { attributes: { axis: { int: -1 } } });
  const attended = graph.node('MatMul', [shares, side('value')], { outputs: ['y'] });
  graph.output(attended, 'float32', [1, kvHeads, heads / kvHeads, headDim]);
  const session = await openSession(graph.finish('attention'), {
    dir: '',
    provider: 'webgpu',
    use: 'constant',
  });
  const { new_key: key, new_value: value } = made;
  if (!key || !value) throw new Error('the append graph has two outputs');
  const query = new ort.Tensor('float32', new Float32Array(heads * headDim).fill(0.1), [
    ...[1, kvHeads, heads / kvHeads, headDim],
  ]);
  const times: number[] = [];
  for (let i = 0; i < TOKENS; i++) {
    const began = performance.now();
    await run(session, { q: query, key, value }, { y: null });
    times.push(performance.now() - began);
  }
  key.dispose();
  value.dispose();
  await session.release();
  await append.release();
  return median(times.slice(4));
}

async function measure(checkpoint: string, attention: SplitAttention, bars: Bars): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'vilasr-bench-'));
  try {
    const { spec } = await openCheckpoint(checkpoint);
    const model = await writeSmallModel({ ...spec, text: { ...spec.text, maxPositions: 16384 } }, dir);
    const { text } = model.spec;
    const opened = await TextModel.open(model, { provider: 'webgpu', attention }, 2);
    const speaker = new Speaker(opened, text.hidden);
    opened.cache.reserve(LONG + 1000, [0, 0]);
    console.log(
      `${attention} attention, ${text.layers} layers, ${text.heads} heads (${text.kvHeads} of keys) of ${text.headDim}`,
    );
    // Makes the programs of the card.
    await speaker.read(1, 0, 2 * PIECE);
    await speaker.speak(SHORT);
    const short = await speaker.speak(SHORT);
    const whole = await speaker.read(0, 0, LONG);
    const long = await speaker.speak(LONG);
    const growth =
      text.layers * Math.max(0, (await attendAlone(text, LONG)) - (await attendAlone(text, SHORT)));
    note(`a token after ${SHORT} others`, short, ' ms');
    note(`a token after ${LONG} others`, long, ' ms');
    note("attention's own growth in between", growth, ' ms');
    bars.most(`${attention}: that token against this, without the growth`, (long - growth) / short, 1.5, '');
    note(`reading ${LONG} tokens`, whole, ' ms');
    // The last token of what is kept is run again, as a conversation does it.
    const back = await speaker.read(0, LONG / 2 - 1, LONG / 2);
    bars.most(
      `${attention}: first token after going back half, of reading half`,
      (200 * back) / whole,
      5,
      ' %',
    );
    await speaker.read(0, LONG / 2, LONG);
    const began = performance.now();
    opened.cache.copy(0, 1, 0, LONG - 1);
    await speaker.read(1, LONG - 1, LONG);
    bars.most(
      `${attention}: first token of a second candidate, of reading the prompt`,
      (100 * (performance.now() - began)) / whole,
      5,
      ' %',
    );
    await opened.close();
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const [checkpoint = '', ...variants] = process.argv.slice(2);
const bars = new Bars();
noteLoad();
for (const attention of ['decomposed', 'fused'] as const) {
  if (variants.length === 0 || variants.includes(attention)) await measure(checkpoint, attention, bars);
}
if (bars.missed.length > 0) process.exitCode = 1;
