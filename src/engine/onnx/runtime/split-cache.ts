import * as ort from 'onnxruntime-node';
import type { Provider } from '../../engine';
import { buildAppendGraph, buildTruncateGraph, farShape, type SplitAttention } from '../graph/cache-graph';
import { cacheNames } from '../graph/text-attention';
import type { TextSpec } from '../model-spec';
import { MOST_SCORES } from '../most-scores';
import { RotaryTable } from '../rotary';
import type { KvCache } from './kv-cache';
import { allocate, floats, openSession, orClose, requireNumbers, run, type SessionOptions } from './session';

/** So many rows are on the host at most when a run begins: they go to the device with each token. */
const block = 64;

/**
 * A cache whose first tokens lie on the device, grown by blocks, while the recent ones go there with each run; a run gives
 * back only the rows of its own tokens. The host has all rows, token by token: so a conversation that goes back, or one that
 * begins like another, runs nothing again, and whoever begins alike shares what is on the device.
 */
export class SplitCache implements KvCache {
  readonly together = false;
  /** Floats of a token: a key and a value of every layer and head. */
  private readonly width: number;
  private capacity = 0;
  private readonly held: Slot[];
  private readonly rotary: RotaryTable;

  private constructor(
    private readonly spec: TextSpec,
    private readonly variant: SplitAttention,
    readonly slots: number,
    private readonly sessions: Sessions,
  ) {
    this.width = 2 * spec.layers * spec.kvHeads * spec.headDim;
    this.rotary = new RotaryTable(spec);
    this.held = Array.from({ length: slots }, () => ({
      rows: new Float32Array(),
      far: null,
      places: new Map(),
    }));
  }

  static async open(
    spec: TextSpec,
    variant: SplitAttention,
    slots: number,
    provider: Provider,
  ): Promise<SplitCache> {
    // Of all providers only WebGPU can leave a tensor on the device: others take the whole cache from the host with each run.
    const options: SessionOptions = {
      ...{ dir: '', use: 'constant' },
      ...(provider === 'webgpu' ? { provider, onDevice: ['new_key', 'new_value'] } : { provider: 'cpu' }),
    };
    const append = await openSession(buildAppendGraph(spec, variant), options);
    const truncate = openSession(buildTruncateGraph(spec, variant), options);
    const sessions = { append, truncate: await orClose(truncate, () => append.release()) };
    return new SplitCache(spec, variant, slots, sessions);
  }

  get room(): number {
    return this.capacity;
  }

  reserve(tokens: number, held: readonly number[]): void {
    if (tokens <= this.capacity) return;
    const capacity = Math.max(tokens, Math.min(Math.ceil(this.capacity * 1.5), this.spec.maxPositions));
    try {
      for (const [i, slot] of this.held.entries()) {
        const rows = allocate(capacity * this.width, 'the attention cache');
        rows.set(slot.rows.subarray(0, (held[i] ?? 0) * this.width));
        slot.rows = rows;
      }
    } catch (error) {
      this.capacity = 0;
      for (const slot of this.held) {
        slot.rows = new Float32Array();
        leave(slot);
      }
      throw error;
    }
    this.capacity = capacity;
  }

  copy(from: number, to: number, start: number, end: number): void {
    const [source, target] = [this.slot(from), this.slot(to)];
    target.rows.set(source.rows.subarray(start * this.width, end * this.width), start * this.width);
    const there = Math.min(source.far?.tokens ?? 0, end);
    const own = target.far?.tokens ?? 0;
    // What the target has behind `start` is another conversation's.
    if (own <= start && there <= own) return;
    leave(target);
    target.far = source.far;
    if (target.far) target.far.users++;
  }

  place(slot: number, t: number, position: readonly [number, number, number]): void {
    this.slot(slot).places.set(t, position);
  }

  piece(start: number, wanted: number): number {
    if (this.variant === 'fused') return wanted;
    return Math.max(1, Math.min(wanted, Math.floor(MOST_SCORES / 4 / this.spec.heads / (start + wanted))));
  }

  async run(
    session: ort.InferenceSession,
    embeds: Float32Array,
    first: number,
    starts: readonly number[],
    logits: Float32Array,
  ): Promise<void> {
    const [start = 0, ...others] = starts;
    if (others.length > 0) throw new Error('a split cache runs one slot at a time');
    const { spec, width } = this;
    const slot = this.slot(first);
    await this.settle(slot, start);
    const far = slot.far?.tokens ?? 0;
    const tokens = embeds.length / spec.hidden;
    const feeds: Record<string, ort.Tensor> = {
      embeds: new ort.Tensor('float32', embeds, [tokens, spec.hidden]),
      last: new ort.Tensor('int32', [tokens - 1], [1]),
      recent: new ort.Tensor('float32', slot.rows.subarray(far * width, start * width), [
        ...[start - far, 2 * spec.layers, spec.kvHeads, spec.headDim],
      ]),
      ...this.turns(slot, start, tokens),
      ...this.shapes(start, far, tokens),
    };
    for (let layer = 0; layer < spec.layers; layer++) {
      const names = cacheNames(layer);
      feeds[names.pastKey] = slot.far?.layers[layer]?.key ?? this.zeros('key', 0);
      const least = this.variant === 'decomposed' ? 1 : 0;
      feeds[names.pastValue] = slot.far?.layers[layer]?.value ?? this.zeros('value', least);
    }
    const outputs = await run(session, feeds, { logits: null, rows: null });
    logits.set(requireNumbers(floats(outputs, 'logits')));
    slot.rows.set(floats(outputs, 'rows'), start * width);
  }

  async close(): Promise<void> {
    // Tensors on the device must go before the sessions: onnxruntime-node crashes otherwise.
    for (const slot of this.held) leave(slot);
    await this.sessions.append.release();
    await this.sessions.truncate.release();
  }

  private slot(index: number): Slot {
    const slot = this.held[index];
    if (!slot) throw new RangeError(`the cache has no slot ${index}`);
    return slot;
  }

  /** cos and sin of the tokens from `start` on. */
  private turns(slot: Slot, start: number, tokens: number): Record<string, ort.Tensor> {
    const half = this.spec.headDim / 2;
    const [cos, sin] = [new Float32Array(tokens * half), new Float32Array(tokens * half)];
    for (let i = 0; i < tokens; i++) {
      const place = slot.places.get(start + i);
      if (!place) throw new RangeError(`token ${start + i} has no position`);
      this.rotary.write(cos, sin, i, place);
    }
    slot.places.clear();
    return {
      cos: new ort.Tensor('float32', cos, [tokens, half]),
      sin: new ort.Tensor('float32', sin, [tokens, half]),
    };
  }

  /** What the variant must know of how long its parts are. */
  private shapes(start: number, far: number, tokens: number): Record<string, ort.Tensor> {
    const all = start + tokens;
    if (this.variant === 'fused') {
      return {
        seqlens_k: new ort.Tensor('int32', [all - 1], [1]),
        total: new ort.Tensor('int32', [all], []),
      };
    }
    const near = all - far;
    const group = this.spec.heads / this.spec.kvHeads;
    const causal = new Float32Array(group * tokens * near);
    for (let row = 0; row < group * tokens; row++) {
      causal.fill(hidden, row * near + start - far + (row % tokens) + 1, (row + 1) * near);
    }
    return {
      causal: new ort.Tensor('float32', causal, [group * tokens, near]),
      near_start: int64(far),
      far_end: int64(Math.max(far, 1)),
    };
  }

  private zeros(side: 'key' | 'value', tokens: number): ort.Tensor {
    const { spec, variant } = this;
    const data = new Float32Array(tokens * spec.kvHeads * spec.headDim);
    return new ort.Tensor('float32', data, farShape(spec, variant, side, tokens));
  }

  /** Makes the part on the device one that a run at `start` can go on from: none of it behind that, little of it missing. */
  private async settle(slot: Slot, start: number): Promise<void> {
    if (start === 0) leave(slot);
    if (slot.far && slot.far.tokens > start) {
      const keep = int64(start);
      await this.replace(slot, start, this.sessions.truncate, () => ({ keep }));
    }
    const from = slot.far?.tokens ?? 0;
    if (start - from < block) return;
    const part = 2 * this.spec.kvHeads * this.spec.headDim;
    const { rows } = slot;
    await this.replace(slot, start, this.sessions.append, (layer) => {
      const own = new Float32Array((start - from) * part);
      for (let t = from; t < start; t++) {
        const at = t * this.width + layer * part;
        own.set(rows.subarray(at, at + part), (t - from) * part);
      }
      const shape = [start - from, 2, this.spec.kvHeads, this.spec.headDim];
      return { rows: new ort.Tensor('float32', own, shape) };
    });
  }

  /** A new part of `tokens` on the device, made layer by layer, so that the old one and it are never both there in full. */
  private async replace(
    slot: Slot,
    tokens: number,
    session: ort.InferenceSession,
    feeds: (layer: number) => Record<string, ort.Tensor>,
  ): Promise<void> {
    const old = slot.far;
    const alone = old?.users === 1;
    const layers: Layer[] = [];
    const none = { key: this.zeros('key', 0), value: this.zeros('value', 0) };
    try {
      for (let layer = 0; layer < this.spec.layers; layer++) {
        const { key, value } = old?.layers[layer] ?? none;
        const made = await run(session, { key, value, ...feeds(layer) }, { new_key: null, new_value: null });
        if (!made.new_key || !made.new_value) throw new Error('the cache graphs have two outputs');
        layers.push({ key: made.new_key, value: made.new_value });
        if (alone) dispose(old.layers[layer]);
      }
    } catch (error) {
      // The host has the rows: the next run brings them here again.
      for (const layer of layers) dispose(layer);
      if (alone) for (const layer of old.layers.slice(layers.length)) dispose(layer);
      else if (old) old.users--;
      slot.far = null;
      throw error;
    }
    if (old) old.users--;
    slot.far = { tokens, layers, users: 1 };
  }
}

const int64 = (value: number) => new ort.Tensor('int64', [BigInt(value)], [1]);

/** Hides a score. */
const hidden = -1e30;

interface Sessions {
  readonly append: ort.InferenceSession;
  readonly truncate: ort.InferenceSession;
}

interface Layer {
  readonly key: ort.Tensor;
  readonly value: ort.Tensor;
}

/** The keys and values of the first tokens on the device; slots that begin alike share them. */
interface Far {
  readonly tokens: number;
  readonly layers: readonly Layer[];
  users: number;
}

interface Slot {
  /** `[capacity, 2, layers, …]`: see the graph's `rows`. */
  rows: Float32Array;
  far: Far | null;
  /** M-RoPE positions of tokens that are about to be run. */
  readonly places: Map<number, readonly [number, number, number]>;
}

function leave(slot: Slot): void {
  const { far } = slot;
  slot.far = null;
  if (!far || --far.users > 0) return;
  for (const layer of far.layers) dispose(layer);
}

function dispose(layer: Layer | undefined): void {
  layer?.key.dispose();
  layer?.value.dispose();
}
