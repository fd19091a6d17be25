import * as ort from 'onnxruntime-node';
import type { Provider } from '../../engine';
import type { SplitAttention } from '../graph/cache-graph';
import type { TextSpec } from '../model-spec';
import { MOST_AT_ONCE } from '../most-at-once';
import { RotaryTable } from '../rotary';
import { FarRows } from './far-rows';
import type { KvCache } from './kv-cache';
import { allocate, floats, requireNumbers, run } from './session';

/** So many rows are on the host at most when a run begins: they go to the device with each token. */
const BLOCK = 64;

/** Hides a score. */
const HIDDEN = -1e30;

interface Slot {
  /** `[capacity, 2, layers, …]`: see the graph's `rows`. */
  rows: Float32Array;
  /** The rows on the device of its first tokens. */
  far: readonly number[];
  /** M-RoPE positions of tokens that are about to be run. */
  readonly places: Map<number, readonly [number, number, number]>;
}

/** The tokens of a slot that a run takes, behind the first `start`. */
interface Taken {
  readonly slot: Slot;
  readonly start: number;
}

/**
 * A cache whose first tokens lie on the device, grown by blocks, while the recent ones go there with each run; a run gives
 * back only the rows of its own tokens. The host has all rows, token by token: so a conversation that goes back, or one that
 * begins like another, runs nothing again, and whoever begins alike shares what is on the device.
 *
 * All slots have their rows among the same ones on the device. Decomposed attention hides from each what is not its own, and
 * so takes a token of several slots at once; the fused one has nothing to hide rows with, and serves one slot, in order.
 */
export class SplitCache implements KvCache {
  readonly together: 'one' | 'any';
  /** Floats of a token: a key and a value of every layer and head. */
  private readonly width: number;
  private capacity = 0;
  private readonly held: readonly Slot[];
  private readonly rotary: RotaryTable;

  private constructor(
    private readonly spec: TextSpec,
    private readonly variant: SplitAttention,
    readonly slots: number,
    private readonly far: FarRows,
  ) {
    this.together = variant === 'fused' ? 'one' : 'any';
    this.width = 2 * spec.layers * spec.kvHeads * spec.headDim;
    this.rotary = new RotaryTable(spec);
    this.held = Array.from({ length: slots }, () => ({
      rows: new Float32Array(),
      far: [],
      places: new Map(),
    }));
  }

  /** Throws `RangeError` for fused attention with several slots. */
  static async open(
    spec: TextSpec,
    variant: SplitAttention,
    slots: number,
    provider: Provider,
  ): Promise<SplitCache> {
    if (variant === 'fused' && slots > 1) throw new RangeError('fused attention serves one slot');
    return new SplitCache(spec, variant, slots, await FarRows.open(spec, variant, provider));
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
      for (const slot of this.held) slot.rows = new Float32Array();
      this.leaveDevice();
      throw error;
    }
    this.capacity = capacity;
  }

  copy(from: number, to: number, start: number, end: number): void {
    const [source, target] = [this.slot(from), this.slot(to)];
    target.rows.set(source.rows.subarray(start * this.width, end * this.width), start * this.width);
    const [own, there] = [target.far.slice(0, start), source.far.slice(0, end)];
    target.far = there.length > own.length ? there : own;
  }

  place(slot: number, t: number, position: readonly [number, number, number]): void {
    this.slot(slot).places.set(t, position);
  }

  piece(slot: number, start: number, wanted: number): number {
    if (this.variant === 'fused') return wanted;
    const foreign = this.far.count - Math.min(this.slot(slot).far.length, start);
    const scores = MOST_AT_ONCE / 4 / this.spec.heads;
    return Math.max(1, Math.min(wanted, Math.floor(scores / (foreign + start + wanted))));
  }

  async run(
    session: ort.InferenceSession,
    embeds: Float32Array,
    slots: readonly number[],
    starts: readonly number[],
    logits: Float32Array,
  ): Promise<void> {
    const { spec, width } = this;
    const taken = slots.map((index, i) => ({ slot: this.slot(index), start: starts[i] ?? 0 }));
    await this.settle(taken);
    const tokens = embeds.length / spec.hidden;
    const each = tokens / slots.length;
    const feeds = {
      embeds: new ort.Tensor('float32', embeds, [tokens, spec.hidden]),
      last: new ort.Tensor(
        'int32',
        slots.map((_, i) => (i + 1) * each - 1),
        [slots.length],
      ),
      recent: this.recent(taken),
      ...this.turns(taken, each),
      ...(this.variant === 'fused' ? lengths((starts[0] ?? 0) + each) : this.masks(taken, each)),
      ...this.far.feeds(),
    };
    const outputs = await run(session, feeds, { logits: null, rows: null });
    const found = floats(outputs, 'logits');
    for (let i = 0; i < slots.length; i++)
      requireNumbers(found.subarray(i * spec.vocab, (i + 1) * spec.vocab));
    logits.set(found);
    const rows = floats(outputs, 'rows');
    for (const [i, { slot, start }] of taken.entries()) {
      slot.rows.set(rows.subarray(i * each * width, (i + 1) * each * width), start * width);
    }
  }

  close(): Promise<void> {
    return this.far.close();
  }

  private slot(index: number): Slot {
    const slot = this.held[index];
    if (!slot) throw new RangeError(`the cache has no slot ${index}`);
    return slot;
  }

  /** The rows that are not on the device, of one slot after the other. */
  private recent(taken: readonly Taken[]): ort.Tensor {
    const { width } = this;
    const parts = taken.map(({ slot, start }) => slot.rows.subarray(slot.far.length * width, start * width));
    const [first = new Float32Array()] = parts;
    const rows = parts.length === 1 ? first : joined(parts);
    const { layers, kvHeads, headDim } = this.spec;
    return new ort.Tensor('float32', rows, [rows.length / width, 2 * layers, kvHeads, headDim]);
  }

  /** cos and sin of the tokens, `each` of every slot. */
  private turns(taken: readonly Taken[], each: number): Record<string, ort.Tensor> {
    const half = this.spec.headDim / 2;
    const tokens = taken.length * each;
    const [cos, sin] = [new Float32Array(tokens * half), new Float32Array(tokens * half)];
    for (const [i, { slot, start }] of taken.entries()) {
      for (let k = 0; k < each; k++) {
        const place = slot.places.get(start + k);
        if (!place) throw new RangeError(`token ${start + k} has no position`);
        this.rotary.write(cos, sin, i * each + k, place);
      }
      slot.places.clear();
    }
    return {
      cos: new ort.Tensor('float32', cos, [tokens, half]),
      sin: new ort.Tensor('float32', sin, [tokens, half]),
    };
  }

  /** What hides the rows of other slots, and the tokens that come later. Queries are in order of head, slot, token. */
  private masks(taken: readonly Taken[], each: number): Record<string, ort.Tensor> {
    const far = this.far.count;
    const group = this.spec.heads / this.spec.kvHeads;
    const queries = taken.length * each;
    const recent = taken.reduce((sum, { slot, start }) => sum + start - slot.far.length, 0);
    const near = recent + queries;
    const causal = new Float32Array(group * queries * near).fill(HIDDEN);
    // Of one slot all queries see the same rows.
    const seeing = taken.length === 1 ? 1 : group * queries;
    const foreign = new Float32Array(seeing * far).fill(HIDDEN);
    let begins = 0;
    for (const [i, { slot, start }] of taken.entries()) {
      const ends = begins + start - slot.far.length;
      for (let head = 0; head < group; head++) {
        for (let k = 0; k < each; k++) {
          const row = head * queries + i * each + k;
          causal.fill(0, row * near + begins, row * near + ends);
          const own = row * near + recent + i * each;
          causal.fill(0, own, own + k + 1);
          if (row < seeing) for (const t of slot.far) foreign[row * far + t] = 0;
        }
      }
      begins = ends;
    }
    return {
      causal: new ort.Tensor('float32', causal, [group * queries, near]),
      foreign: new ort.Tensor('float32', foreign, [seeing, far]),
      near_start: int64(far),
      far_end: int64(Math.max(far, 1)),
    };
  }

  /** Makes the part on the device one that a run can go on from: none of it behind where that begins, little of it missing. */
  private async settle(taken: readonly Taken[]): Promise<void> {
    for (const { slot, start } of taken) {
      if (slot.far.length > start) slot.far = slot.far.slice(0, start);
    }
    const lacks = taken.reduce((sum, { slot, start }) => sum + start - slot.far.length, 0);
    const used = taken[0]?.slot.far.length ?? 0;
    try {
      if (this.variant === 'fused' ? this.far.count > used : lacks >= BLOCK) await this.tidy();
      if (lacks >= BLOCK) await this.append(taken, lacks);
    } catch (error) {
      // The host has the rows: the next run brings them here again.
      this.leaveDevice();
      throw error;
    }
  }

  /** Lets go of rows on the device that no slot has; those between others only if they are many. */
  private async tidy(): Promise<void> {
    const numbers = new Int32Array(this.far.count).fill(-1);
    for (const { far } of this.held) for (const row of far) numbers[row] = 0;
    const kept = new Int32Array(numbers.keys()).filter((row) => numbers[row] === 0);
    if (kept.length === numbers.length) return;
    if (this.variant === 'decomposed' && 4 * kept.length > 3 * numbers.length) return;
    await this.far.pick(kept);
    kept.forEach((row, number) => {
      numbers[row] = number;
    });
    for (const slot of this.held) slot.far = slot.far.map((row) => numbers[row] ?? 0);
  }

  /** Brings the `lacks` rows there that the slots have on the host alone. */
  private async append(taken: readonly Taken[], lacks: number): Promise<void> {
    const part = 2 * this.spec.kvHeads * this.spec.headDim;
    const first = this.far.count;
    await this.far.append(lacks, (layer) => {
      const own = new Float32Array(lacks * part);
      let row = 0;
      for (const { slot, start } of taken) {
        for (let t = slot.far.length; t < start; t++) {
          const at = t * this.width + layer * part;
          own.set(slot.rows.subarray(at, at + part), row++ * part);
        }
      }
      return own;
    });
    let row = first;
    for (const { slot, start } of taken) {
      const fresh = Array.from({ length: start - slot.far.length }, () => row++);
      slot.far = [...slot.far, ...fresh];
    }
  }

  private leaveDevice(): void {
    this.far.drop();
    for (const slot of this.held) slot.far = [];
  }
}

/** What the fused operator must know: how many tokens there are with those of the run. */
function lengths(all: number): Record<string, ort.Tensor> {
  return {
    seqlens_k: new ort.Tensor('int32', [all - 1], [1]),
    total: new ort.Tensor('int32', [all], []),
  };
}

const int64 = (value: number) => new ort.Tensor('int64', [BigInt(value)], [1]);

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
