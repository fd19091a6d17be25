import * as ort from 'onnxruntime-node';
import type { Provider } from '../../engine';
import { type AttentionVariant, buildTextGraph } from '../graph/text-graph';
import type { ImportedModel } from '../imported-model';
import { KvCache } from './kv-cache';
import { floats, openSession, run } from './session';

/** The variant that each provider runs best. */
const attentionOf: Record<Provider, AttentionVariant> = { cpu: 'shared-cache' };

/** The language model with its cache: runs tokens, given as embeddings, one after another. */
export class TextModel {
  readonly cache: KvCache;
  private readonly logits: ort.Tensor;

  private constructor(
    private readonly session: ort.InferenceSession,
    private readonly hidden: number,
    model: ImportedModel,
  ) {
    this.cache = new KvCache(model.spec.text);
    const { vocab } = model.spec.text;
    this.logits = new ort.Tensor('float32', new Float32Array(vocab), [1, vocab]);
  }

  static async open(model: ImportedModel, provider: Provider): Promise<TextModel> {
    const graph = buildTextGraph(model.spec.text, model.tensors, attentionOf[provider]);
    const session = await openSession(graph, { dir: model.dir, provider, use: 'constant' });
    return new TextModel(session, model.spec.text.hidden, model);
  }

  /**
   * Runs the tokens at `[start, start + n)`, `embeds` being `[n, hidden]`; the cache holds what comes before, has room
   * for them, and knows their positions. Gives the logits after the last one; the next call writes over them.
   */
  async forward(embeds: Float32Array, start: number): Promise<Float32Array> {
    const rows = embeds.length / this.hidden;
    const { feeds, fetches } = this.cache.bind();
    const outputs = await run(
      this.session,
      {
        ...feeds,
        embeds: new ort.Tensor('float32', embeds, [rows, this.hidden]),
        seqlens_k: new ort.Tensor('int32', [start + rows - 1], [1]),
        total: new ort.Tensor('int32', [start + rows], []),
      },
      { ...fetches, logits: this.logits },
    );
    return floats(outputs, 'logits');
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}
