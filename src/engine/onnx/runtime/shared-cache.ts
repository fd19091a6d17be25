import * as ort from 'onnxruntime-node';
import { cacheNames } from '../graph/text-attention';
import { UNREADABLE } from '../graph/text-graph';
import type { TextSpec } from '../model-spec';
import { RotaryTable } from '../rotary';
import type { KvCache } from './kv-cache';
import { allocate, runInPlace } from './session';

const step = 256;

/** The graph's inputs and outputs that are the cache; the presents are the pasts' own buffers. */
interface Bound {
  readonly feeds: Record<string, ort.Tensor>;
  readonly fetches: Record<string, ort.Tensor>;
}

/** A cache in this process's memory, with the rotary rows. The graph writes new rows in place, of all slots in one run. */
export class SharedCache implements KvCache {
  readonly together = 'neighbours';
  /** Rows of a slot. */
  private capacity = 0;
  /** Of each layer `[slots, kvHeads, capacity, headDim]`. */
  private keys: Float32Array[] = [];
  private values: Float32Array[] = [];
  /** `[slots, capacity, headDim / 2]`. */
  private cos: Float32Array = new Float32Array();
  private sin: Float32Array = new Float32Array();
  private readonly rotary: RotaryTable;
  private readonly bound = new Map<string, Bound>();

  constructor(
    private readonly spec: TextSpec,
    readonly slots: number,
  ) {
    this.rotary = new RotaryTable(spec);
  }

  get room(): number {
    return this.capacity;
  }

  reserve(tokens: number, held: readonly number[]): void {
    if (tokens <= this.capacity) return;
    try {
      this.grow(tokens, held);
    } catch (error) {
      this.capacity = 0;
      this.keys = [];
      this.values = [];
      this.cos = this.sin = new Float32Array();
      this.bound.clear();
      throw error;
    }
  }

  private grow(tokens: number, held: readonly number[]): void {
    const wanted = Math.max(tokens, Math.ceil(this.capacity * 1.5));
    const capacity = Math.min(Math.ceil(wanted / step) * step, Math.max(tokens, this.spec.maxPositions));
    const { kvHeads, headDim, layers } = this.spec;
    const grown = (old: Float32Array | undefined, blocks: number, width: number) => {
      const all = allocate(this.slots * blocks * capacity * width, 'the attention cache');
      for (let block = 0; old && block < this.slots * blocks; block++) {
        const from = block * this.capacity * width;
        const rows = held[Math.floor(block / blocks)] ?? 0;
        all.set(old.subarray(from, from + rows * width), block * capacity * width);
      }
      return all;
    };
    // Layer by layer, so that the old and the new cache are never both here in full.
    for (let layer = 0; layer < layers; layer++) {
      for (const side of [this.keys, this.values]) side[layer] = grown(side[layer], kvHeads, headDim);
    }
    this.cos = grown(this.cos, 1, headDim / 2);
    this.sin = grown(this.sin, 1, headDim / 2);
    this.capacity = capacity;
    this.bound.clear();
  }

  copy(from: number, to: number, start: number, end: number): void {
    const { kvHeads, headDim } = this.spec;
    const rows = (values: Float32Array, blocks: number, width: number) => {
      for (let block = 0; block < blocks; block++) {
        const at = (slot: number) => (slot * blocks + block) * this.capacity * width;
        values.copyWithin(at(to) + start * width, at(from) + start * width, at(from) + end * width);
      }
    };
    for (const side of [this.keys, this.values]) {
      for (const layer of side) rows(layer, kvHeads, headDim);
    }
    for (const table of [this.cos, this.sin]) rows(table, 1, headDim / 2);
  }

  place(slot: number, t: number, position: readonly [temporal: number, height: number, width: number]): void {
    this.rotary.write(this.cos, this.sin, this.row(slot, t), position);
  }

  piece(_slot: number, _start: number, wanted: number): number {
    return wanted;
  }

  async run(
    session: ort.InferenceSession,
    embeds: Float32Array,
    taking: readonly number[],
    starts: readonly number[],
    logits: Float32Array,
  ): Promise<void> {
    const { hidden, vocab } = this.spec;
    const rows = embeds.length / hidden;
    const slots = taking.length;
    const [first = 0] = taking;
    const each = rows / slots;
    const positions = new BigInt64Array(rows);
    for (let row = 0; row < rows; row++) {
      const i = Math.floor(row / each);
      positions[row] = BigInt(this.row(first + i, (starts[i] ?? 0) + (row % each)));
    }
    const ends = starts.map((_, i) => (i + 1) * each - 1);
    const { feeds, fetches } = this.bind(first, slots);
    await runInPlace(
      session,
      {
        ...feeds,
        embeds: new ort.Tensor('float32', embeds, [rows, hidden]),
        packed: new ort.Tensor('int64', BigInt64Array.from([slots, each, -1], BigInt), [3]),
        last: new ort.Tensor('int32', ends, [slots]),
        positions: new ort.Tensor('int64', positions, [slots, each]),
        seqlens_k: new ort.Tensor(
          'int32',
          starts.map((start) => start + each - 1),
          [slots],
        ),
        total: new ort.Tensor('int32', [Math.max(...starts) + each], []),
      },
      { ...fetches, logits: new ort.Tensor('float32', logits, [slots, vocab]) },
      UNREADABLE,
    );
  }

  async close(): Promise<void> {}

  /** The row of `cos` and `sin` for token `t` of a slot. */
  row(slot: number, t: number): number {
    return slot * this.capacity + t;
  }

  /** The cache of `count` slots from `first` on, as the graph takes it; the rotary rows of all. */
  bind(first: number, count: number): Bound {
    const key = `${first}+${count}`;
    const known = this.bound.get(key);
    if (known) return known;
    const { kvHeads, headDim, layers } = this.spec;
    const table = [this.slots * this.capacity, headDim / 2];
    const feeds: Record<string, ort.Tensor> = {
      cos: new ort.Tensor('float32', this.cos, table),
      sin: new ort.Tensor('float32', this.sin, table),
    };
    const fetches: Record<string, ort.Tensor> = {};
    const shape = [count, kvHeads, this.capacity, headDim];
    const slot = kvHeads * this.capacity * headDim;
    const part = (all: Float32Array = new Float32Array()) =>
      new ort.Tensor('float32', all.subarray(first * slot, (first + count) * slot), shape);
    for (let layer = 0; layer < layers; layer++) {
      const names = cacheNames(layer);
      feeds[names.pastKey] = fetches[names.presentKey] = part(this.keys[layer]);
      feeds[names.pastValue] = fetches[names.presentValue] = part(this.values[layer]);
    }
    const bound = { feeds, fetches };
    this.bound.set(key, bound);
    return bound;
  }
}
