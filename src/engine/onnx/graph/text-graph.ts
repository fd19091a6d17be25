import type { TextSpec } from '../model-spec';
import { GraphBuilder, type Value } from './graph-builder';
import { type Tensors, WeightedLayers } from './weights';

/**
 * How the text graph attends, and so how it takes its cache. `shared-cache`: GroupQueryAttention whose past and present
 * are the same buffer, so that a step writes its own rows and copies nothing.
 */
export type AttentionVariant = 'shared-cache';

/** Name of an output that onnxruntime-node cannot hand over. */
export const UNREADABLE = 'unreadable';

/** Names of the cache tensors of a layer. Both outputs must be bound: without them the kernel silently reads no past. */
export const cacheNames = (layer: number) => ({
  pastKey: `past_key_${layer}`,
  pastValue: `past_value_${layer}`,
  presentKey: `present_key_${layer}`,
  presentValue: `present_value_${layer}`,
});

/**
 * The language model as an ONNX model (bytes). In each of `b` conversations `s` tokens follow what the cache holds; one of
 * the two is 1. `c` is the cache's capacity for a conversation, `r` that for all of them together.
 *
 * Inputs: `embeds` [b * s, hidden]; `packed` int64 [3], the shape `[b, s, -1]`; `last` int64 [b], the row of each
 * conversation's last token; `seqlens_k` int32 [b], the index of that token in its conversation; `total` int32 scalar, the
 * most tokens of a conversation with these; `cos`, `sin` [r, headDim / 2], M-RoPE already mixed in; `positions` int64 [b, s],
 * the row of `cos` and `sin` for each token; `past_key_i`, `past_value_i` [b, kvHeads, c, headDim]. Outputs: `logits`
 * [b, vocab] of the last tokens; `present_*`, to be bound to the pasts; first of all `UNREADABLE`, see `runInPlace`.
 */
export function buildTextGraph(spec: TextSpec, tensors: Tensors, variant: AttentionVariant): Uint8Array {
  const graph = new GraphBuilder();
  const layers = new WeightedLayers(graph, tensors);
  const total = graph.input('total', 'int32', []);
  graph.outputSequence(graph.node('SequenceConstruct', [total], { outputs: [UNREADABLE] }), 'int32');
  const attend = attentions[variant](graph, spec, total);
  const ends = graph.input('last', 'int64', ['b']);

  let residual = graph.input('embeds', 'float32', ['rows', spec.hidden]);
  let x = layers.norm(residual, 'model.layers.0.input_layernorm.weight', spec.rmsEps);
  for (let i = 0; i < spec.layers; i++) {
    const of = (part: string) => `model.layers.${i}.${part}`;
    const qkv = layers.stacked(
      x,
      ['q', 'k', 'v'].map((part) => ({
        weight: of(`self_attn.${part}_proj.weight`),
        bias: of(`self_attn.${part}_proj.bias`),
      })),
    );
    const output = { weight: of('self_attn.o_proj.weight'), bias: null };
    const attended = layers.linear(attend(qkv, i), output);
    [x, residual] = layers.skipNorm(attended, residual, of('post_attention_layernorm.weight'), spec.rmsEps);
    const mlp = layers.gatedMlp(x, of('mlp'), false);
    const next = i + 1 < spec.layers ? `model.layers.${i + 1}.input_layernorm.weight` : 'model.norm.weight';
    [x, residual] = layers.skipNorm(mlp, residual, next, spec.rmsEps);
  }
  const last = graph.node('Gather', [x, ends], { attributes: { axis: { int: 0 } } });
  const head = layers.has('lm_head.weight') ? 'lm_head.weight' : 'model.embed_tokens.weight';
  const logits = graph.node('Identity', [layers.linear(last, { weight: head, bias: null })], {
    outputs: ['logits'],
  });
  graph.output(logits, 'float32', ['b', spec.vocab]);
  return graph.finish('text');
}

/** Adds the attention of layer `i` over packed `[q | k | v]` rows. */
type Attend = (qkv: Value, i: number) => Value;

/** Rotary embedding, cache and grouped heads are in the one operator. */
function sharedCacheAttention(graph: GraphBuilder, spec: TextSpec, total: Value): Attend {
  const packed = graph.input('packed', 'int64', [3]);
  const lengths = graph.input('seqlens_k', 'int32', ['b']);
  const cos = graph.input('cos', 'float32', ['r', spec.headDim / 2]);
  const sin = graph.input('sin', 'float32', ['r', spec.headDim / 2]);
  const positions = graph.input('positions', 'int64', ['b', 's']);
  const rows = graph.constant([-1, spec.heads * spec.headDim]);
  const cacheShape = ['b', spec.kvHeads, 'c', spec.headDim];
  return (qkv, i) => {
    const names = cacheNames(i);
    const key = graph.input(names.pastKey, 'float32', cacheShape);
    const value = graph.input(names.pastValue, 'float32', cacheShape);
    const [attended, presentKey, presentValue] = graph.multi(
      'GroupQueryAttention',
      [graph.node('Reshape', [qkv, packed]), null, null, key, value, lengths, total, cos, sin, positions],
      3,
      {
        domain: 'com.microsoft',
        attributes: {
          num_heads: { int: spec.heads },
          kv_num_heads: { int: spec.kvHeads },
          do_rotary: { int: 1 },
        },
        outputs: [`attended_${i}`, names.presentKey, names.presentValue],
      },
    );
    if (!attended || !presentKey || !presentValue) throw new Error('attention has three outputs');
    graph.output(presentKey, 'float32', cacheShape);
    graph.output(presentValue, 'float32', cacheShape);
    return graph.node('Reshape', [attended, rows]);
  };
}

const attentions: Record<AttentionVariant, typeof sharedCacheAttention> = {
  'shared-cache': sharedCacheAttention,
};
