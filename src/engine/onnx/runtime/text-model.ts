import * as ort from 'onnxruntime-node';
import type { Provider } from '../../engine';
import { type AttentionVariant, buildTextGraph, UNREADABLE } from '../graph/text-graph';
import type { ImportedModel } from '../imported-model';
import { KvCache } from './kv-cache';
import { openSession, runInPlace } from './session';

/** The variant that each provider runs best. */
const attentionOf: Record<Provider, AttentionVariant> = { cpu: 'shared-cache' };

/** The language model with its cache: runs tokens, given as embeddings, one after another. */
export class TextModel {
  readonly cache: KvCache;
  private readonly logits: Float32Array;

  private constructor(
    private readonly session: ort.InferenceSession,
    private readonly hidden: number,
    private readonly vocab: number,
    model: ImportedModel,
    slots: number,
  ) {
    this.cache = new KvCache(model.spec.text, slots);
    this.logits = new Float32Array(slots * vocab);
  }

  /** `slots`: the conversations that the cache holds. */
  static async open(model: ImportedModel, provider: Provider, slots: number): Promise<TextModel> {
    const { text } = model.spec;
    const graph = buildTextGraph(text, model.tensors, attentionOf[provider]);
    const lazy = model.weights === 'fp16';
    const session = await openSession(graph, { dir: model.dir, provider, use: 'constant', lazy });
    return new TextModel(session, text.hidden, text.vocab, model, slots);
  }

  /**
   * Runs tokens of the slots from `first` on together: as many of each, at `[starts[i], starts[i] + n)`, `embeds` being
   * `[starts.length * n, hidden]`; n is 1 if there are several slots. The cache holds what comes before, has room for them,
   * and knows their positions. Gives the logits `[vocab]` after the last token of each; the next call writes over them.
   */
  async forward(embeds: Float32Array, first: number, starts: readonly number[]): Promise<Float32Array[]> {
    const rows = embeds.length / this.hidden;
    const slots = starts.length;
    const each = rows / slots;
    const positions = new BigInt64Array(rows);
    for (let row = 0; row < rows; row++) {
      const i = Math.floor(row / each);
      positions[row] = BigInt(this.cache.row(first + i, (starts[i] ?? 0) + (row % each)));
    }
    const { feeds, fetches } = this.cache.bind(first, slots);
    await runInPlace(
      this.session,
      {
        ...feeds,
        embeds: new ort.Tensor('float32', embeds, [rows, this.hidden]),
        packed: int64([slots, each, -1]),
        last: int64(starts.map((_, i) => (i + 1) * each - 1)),
        positions: new ort.Tensor('int64', positions, [slots, each]),
        seqlens_k: new ort.Tensor(
          'int32',
          Int32Array.from(starts, (start) => start + each - 1),
          [slots],
        ),
        total: new ort.Tensor('int32', [Math.max(...starts) + each], []),
      },
      {
        ...fetches,
        logits: new ort.Tensor('float32', this.logits.subarray(0, slots * this.vocab), [slots, this.vocab]),
      },
      UNREADABLE,
    );
    return starts.map((_, i) => this.logits.subarray(i * this.vocab, (i + 1) * this.vocab));
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

const int64 = (values: readonly number[]) =>
  new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [values.length]);
