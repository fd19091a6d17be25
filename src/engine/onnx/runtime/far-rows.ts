import * as ort from 'onnxruntime-node';
import type { Provider } from '../../engine';
import { buildAppendGraph, buildPickGraph, farShape, type SplitAttention } from '../graph/cache-graph';
import { cacheNames } from '../graph/text-attention';
import type { TextSpec } from '../model-spec';
import { openSession, orClose, run, type SessionOptions } from './session';

interface Layer {
  readonly key: ort.Tensor;
  readonly value: ort.Tensor;
}

/** Keys and values on the device: two tensors a layer, with a row for each of `count` tokens, in the order in which they came. */
export class FarRows {
  private rows = 0;
  private layers: readonly Layer[] = [];

  private constructor(
    private readonly spec: TextSpec,
    private readonly variant: SplitAttention,
    private readonly appending: ort.InferenceSession,
    private readonly picking: ort.InferenceSession,
  ) {}

  static async open(spec: TextSpec, variant: SplitAttention, provider: Provider): Promise<FarRows> {
    // Of all providers only WebGPU can leave a tensor on the device: others take the whole cache from the host with each run.
    const options: SessionOptions = {
      ...{ dir: '', use: 'constant' },
      ...(provider === 'webgpu' ? { provider, onDevice: ['new_key', 'new_value'] } : { provider: 'cpu' }),
    };
    const appending = await openSession(buildAppendGraph(spec, variant), options);
    const picking = openSession(buildPickGraph(spec, variant), options);
    return new FarRows(spec, variant, appending, await orClose(picking, () => appending.release()));
  }

  get count(): number {
    return this.rows;
  }

  /** The text graph's inputs for them. */
  feeds(): Record<string, ort.Tensor> {
    const feeds: Record<string, ort.Tensor> = {};
    for (let layer = 0; layer < this.spec.layers; layer++) {
      const names = cacheNames(layer);
      const there = this.layers[layer];
      feeds[names.pastKey] = there?.key ?? this.zeros('key', 0);
      feeds[names.pastValue] = there?.value ?? this.zeros('value', this.variant === 'decomposed' ? 1 : 0);
    }
    return feeds;
  }

  /** Adds `count` rows: `rowsOf` gives those of a layer, `[count, 2, kvHeads, headDim]`. If it throws, no row is left. */
  async append(count: number, rowsOf: (layer: number) => Float32Array): Promise<void> {
    const shape = [count, 2, this.spec.kvHeads, this.spec.headDim];
    await this.replace(this.rows + count, this.appending, (layer) => ({
      rows: new ort.Tensor('float32', rowsOf(layer), shape),
    }));
  }

  /** Keeps the rows of these numbers, in their order, and no other. If it throws, no row is left. */
  async pick(rows: Int32Array): Promise<void> {
    if (rows.length === 0) return this.drop();
    await this.replace(rows.length, this.picking, () => ({
      keep: new ort.Tensor('int32', rows, [rows.length]),
    }));
  }

  drop(): void {
    for (const layer of this.layers) dispose(layer);
    this.layers = [];
    this.rows = 0;
  }

  async close(): Promise<void> {
    // Tensors on the device must go before the sessions: onnxruntime-node crashes otherwise.
    this.drop();
    await this.appending.release();
    await this.picking.release();
  }

  /** Layer by layer, so that old and new are never both there in full. */
  private async replace(
    rows: number,
    session: ort.InferenceSession,
    feeds: (layer: number) => Record<string, ort.Tensor>,
  ): Promise<void> {
    const old = this.layers;
    const none = { key: this.zeros('key', 0), value: this.zeros('value', 0) };
    const made: Layer[] = [];
    try {
      for (let layer = 0; layer < this.spec.layers; layer++) {
        const { key, value } = old[layer] ?? none;
        const fetches = { new_key: null, new_value: null };
        const { new_key, new_value } = await run(session, { key, value, ...feeds(layer) }, fetches);
        if (!new_key || !new_value) throw new Error('the cache graphs have two outputs');
        made.push({ key: new_key, value: new_value });
        dispose(old[layer]);
      }
    } catch (error) {
      this.layers = [...made, ...old.slice(made.length)];
      this.drop();
      throw error;
    }
    this.layers = made;
    this.rows = rows;
  }

  private zeros(side: 'key' | 'value', tokens: number): ort.Tensor {
    const { spec, variant } = this;
    const data = new Float32Array(tokens * spec.kvHeads * spec.headDim);
    return new ort.Tensor('float32', data, farShape(spec, variant, side, tokens));
  }
}

function dispose(layer: Layer | undefined): void {
  layer?.key.dispose();
  layer?.value.dispose();
}
