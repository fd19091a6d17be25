import type { AttentionVariant } from '../../engine';
import type { TextSpec } from '../model-spec';
import { GraphBuilder } from './graph-builder';
import { attentions } from './text-attention';
import { type Tensors, WeightedLayers } from './weights';

/** Name of an output that onnxruntime-node cannot hand over. */
export const UNREADABLE = 'unreadable';

/**
 * The language model as an ONNX model (bytes). In each of `b` conversations `s` tokens follow what the cache holds; one of
 * the two is 1.
 *
 * Inputs of all variants: `embeds` [b * s, hidden]; `last` int32 [b], the row of each conversation's last token. Outputs:
 * `logits` [b, vocab] of the last tokens; and those of the variant.
 *
 * `shared-cache`, `c` being the cache's capacity for a conversation, `r` that for all of them together: `packed` int64 [3],
 * the shape `[b, s, -1]`; `seqlens_k` int32 [b], the index of the last token in its conversation; `total` int32 scalar, the
 * most tokens of a conversation with these; `cos`, `sin` [r, headDim / 2], M-RoPE already mixed in; `positions` int64 [b, s],
 * the row of `cos` and `sin` for each token; `past_key_i`, `past_value_i` [b, kvHeads, c, headDim]. Outputs: `present_*`,
 * to be bound to the pasts; first of all `UNREADABLE`, see `runInPlace`.
 *
 * `fused`, b being 1, and `decomposed`: `cos`, `sin` [b * s, headDim / 2] of the tokens; the cache, first `n` tokens in
 * `past_key_i`, `past_value_i` [1, kvHeads, n, headDim], but `past_key_i` [1, kvHeads, headDim, n] where it is decomposed,
 * then `r` in `recent`, the key and the value of layer after layer [r, 2 * layers, kvHeads, headDim]. Output: `rows`, the
 * tokens' own [b * s, 2 * layers * kvHeads * headDim] in the same order. `fused` takes `seqlens_k` int32 [1] and `total` too.
 *
 * `decomposed` takes what is added to the scores: `causal` [heads / kvHeads * b * s, r + b * s], of `r` and the tokens, and
 * `foreign` [the same or 1, n]; with them the parts of the cache may hold tokens of several conversations in any order. Then
 * `near_start`, `far_end` int64 [1], which are n. But a product over no row at all crashes onnxruntime: where n is 0,
 * `past_value_i` has a row of zeros, and `far_end` is 1.
 */
export function buildTextGraph(spec: TextSpec, tensors: Tensors, variant: AttentionVariant): Uint8Array {
  const graph = new GraphBuilder();
  const layers = new WeightedLayers(graph, tensors);
  const ends = graph.input('last', 'int32', ['b']);
  if (variant === 'shared-cache') {
    graph.outputSequence(graph.node('SequenceConstruct', [ends], { outputs: [UNREADABLE] }), 'int32');
  }
  const attention = attentions[variant](graph, spec);

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
    const attended = layers.linear(attention.attend(qkv, i), output);
    [x, residual] = layers.skipNorm(attended, residual, of('post_attention_layernorm.weight'), spec.rmsEps);
    const mlp = layers.gatedMlp(x, of('mlp'), false);
    const next = i + 1 < spec.layers ? `model.layers.${i + 1}.input_layernorm.weight` : 'model.norm.weight';
    [x, residual] = layers.skipNorm(mlp, residual, next, spec.rmsEps);
  }
  attention.finish();
  const last = graph.node('Gather', [x, ends], { attributes: { axis: { int: 0 } } });
  const head = layers.has('lm_head.weight') ? 'lm_head.weight' : 'model.embed_tokens.weight';
  const logits = graph.node('Identity', [layers.linear(last, { weight: head, bias: null })], {
    outputs: ['logits'],
  });
  graph.output(logits, 'float32', ['b', spec.vocab]);
  return graph.finish('text');
}
