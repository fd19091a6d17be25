import * as ort from 'onnxruntime-node';
import { cacheNames } from '../graph/text-graph';
import type { TextSpec } from '../model-spec';
import { RotaryTable } from '../rotary';
import { allocate } from './session';

const step = 256;

/**
 * The keys and values of every layer, and the rotary rows, for the tokens of one conversation: row t belongs to token t.
 * The graph writes new rows in place, so going back to an earlier token is to write over what follows it.
 */
export class KvCache {
  private capacity = 0;
  private keys: Float32Array[] = [];
  private values: Float32Array[] = [];
  private cos: Float32Array = new Float32Array();
  private sin: Float32Array = new Float32Array();
  private readonly rotary: RotaryTable;
  private bound: { feeds: Record<string, ort.Tensor>; fetches: Record<string, ort.Tensor> } | null = null;

  constructor(private readonly spec: TextSpec) {
    this.rotary = new RotaryTable(spec);
  }

  /** Makes room for `tokens`, keeping the rows of the first `keep`. Throws `out-of-memory`, and is empty then. */
  reserve(tokens: number, keep: number): void {
    if (tokens <= this.capacity) return;
    try {
      this.grow(tokens, keep);
    } catch (error) {
      this.capacity = 0;
      this.keys = [];
      this.values = [];
      this.bound = null;
      throw error;
    }
  }

  private grow(tokens: number, keep: number): void {
    const wanted = Math.max(tokens, Math.ceil(this.capacity * 1.5));
    const capacity = Math.min(Math.ceil(wanted / step) * step, Math.max(tokens, this.spec.maxPositions));
    const { kvHeads, headDim, layers } = this.spec;
    // Layer by layer, so that the old and the new cache are never both here in full.
    for (let layer = 0; layer < layers; layer++) {
      for (const side of [this.keys, this.values]) {
        const grown = allocate(kvHeads * capacity * headDim, 'the attention cache');
        const old = side[layer];
        for (let head = 0; old && head < kvHeads; head++) {
          const from = head * this.capacity * headDim;
          grown.set(old.subarray(from, from + keep * headDim), head * capacity * headDim);
        }
        side[layer] = grown;
      }
    }
    this.cos = extend(this.cos, (capacity * headDim) / 2);
    this.sin = extend(this.sin, (capacity * headDim) / 2);
    this.capacity = capacity;
    this.bound = null;
  }

  /** Sets the M-RoPE position of token `t`, for which there must be room. */
  place(t: number, position: readonly [temporal: number, height: number, width: number]): void {
    this.rotary.write(this.cos, this.sin, t, position);
  }

  /** The graph's inputs and outputs that are this cache; the presents are the pasts' own buffers. */
  bind(): { readonly feeds: Record<string, ort.Tensor>; readonly fetches: Record<string, ort.Tensor> } {
    if (this.bound) return this.bound;
    const { kvHeads, headDim, layers } = this.spec;
    const table = [this.capacity, headDim / 2];
    const feeds: Record<string, ort.Tensor> = {
      cos: new ort.Tensor('float32', this.cos, table),
      sin: new ort.Tensor('float32', this.sin, table),
    };
    const fetches: Record<string, ort.Tensor> = {};
    const shape = [1, kvHeads, this.capacity, headDim];
    for (let layer = 0; layer < layers; layer++) {
      const names = cacheNames(layer);
      const key = new ort.Tensor('float32', this.keys[layer] ?? new Float32Array(), shape);
      const value = new ort.Tensor('float32', this.values[layer] ?? new Float32Array(), shape);
      feeds[names.pastKey] = fetches[names.presentKey] = key;
      feeds[names.pastValue] = fetches[names.presentValue] = value;
    }
    this.bound = { feeds, fetches };
    return this.bound;
  }
}

function extend(old: Float32Array, length: number): Float32Array {
  const grown = allocate(length, 'the attention cache');
  grown.set(old);
  return grown;
}
