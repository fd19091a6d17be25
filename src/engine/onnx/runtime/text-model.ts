import type * as ort from 'onnxruntime-node';
import type { Computing } from '../../engine';
import { buildTextGraph } from '../graph/text-graph';
import type { RunnableModel } from '../imported-model';
import type { KvCache } from './kv-cache';
import { openSession, orClose } from './session';
import { SharedCache } from './shared-cache';
import { SplitCache } from './split-cache';

/** The language model with its cache: runs tokens, given as embeddings, one after another. */
export class TextModel {
  private readonly logits: Float32Array;

  private constructor(
    private readonly session: ort.InferenceSession,
    readonly cache: KvCache,
    private readonly vocab: number,
  ) {
    this.logits = new Float32Array(cache.slots * vocab);
  }

  /** `slots`: the conversations that the cache holds. */
  static async open(
    model: RunnableModel,
    { provider, attention }: Pick<Computing, 'provider' | 'attention'>,
    slots: number,
  ): Promise<TextModel> {
    const { text } = model.spec;
    const graph = buildTextGraph(text, model.tensors, attention);
    // Many graphics processors have no float16: for them the weights become float32 as the model is opened.
    const lazy = model.weights === 'fp16' && provider === 'cpu';
    const session = await openSession(graph, { dir: model.dir, provider, use: 'constant', lazy });
    const cache =
      attention === 'shared-cache'
        ? new SharedCache(text, slots)
        : await orClose(SplitCache.open(text, attention, slots, provider), () => session.release());
    return new TextModel(session, cache, text.vocab);
  }

  /**
   * Runs tokens of `slots` together, see `KvCache.run`. Gives the logits `[vocab]` after the last token of
   * each; the next call writes over them.
   */
  async forward(
    embeds: Float32Array,
    slots: readonly number[],
    starts: readonly number[],
  ): Promise<Float32Array[]> {
    const { cache, vocab } = this;
    await cache.run(this.session, embeds, slots, starts, this.logits.subarray(0, starts.length * vocab));
    return starts.map((_, i) => this.logits.subarray(i * vocab, (i + 1) * vocab));
  }

  async close(): Promise<void> {
    await this.cache.close();
    await this.session.release();
  }
}
