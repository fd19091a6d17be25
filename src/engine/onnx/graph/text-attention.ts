import type { AttentionVariant } from '../../engine';
import type { TextSpec } from '../model-spec';
import { farShape } from './cache-graph';
import type { GraphBuilder, Value } from './graph-builder';

/** The attention of a graph: one part a layer, and what closes it. */
export interface Attention {
  /** Adds the attention of layer `i` over packed `[q | k | v]` rows. */
  attend(qkv: Value, i: number): Value;
  /** Adds what comes after the last layer. */
  finish(): void;
}

/** Names of the cache tensors of a layer. Both outputs must be bound: without them the kernel silently reads no past. */
export const cacheNames = (layer: number) => ({
  pastKey: `past_key_${layer}`,
  pastValue: `past_value_${layer}`,
  presentKey: `present_key_${layer}`,
  presentValue: `present_value_${layer}`,
});

const microsoft = 'com.microsoft';
const groupedHeads = (spec: TextSpec) => ({
  num_heads: { int: spec.heads },
  kv_num_heads: { int: spec.kvHeads },
});

/**
 * Rotary embedding, cache and grouped heads are in the one operator. Past and present are the same buffer, so that a step
 * writes its own rows and copies nothing.
 */
function sharedCache(graph: GraphBuilder, spec: TextSpec): Attention {
  const packed = graph.input('packed', 'int64', [3]);
  const lengths = graph.input('seqlens_k', 'int32', ['b']);
  const total = graph.input('total', 'int32', []);
  const cos = graph.input('cos', 'float32', ['r', spec.headDim / 2]);
  const sin = graph.input('sin', 'float32', ['r', spec.headDim / 2]);
  const positions = graph.input('positions', 'int64', ['b', 's']);
  const rows = graph.constant([-1, spec.heads * spec.headDim]);
  const cacheShape = ['b', spec.kvHeads, 'c', spec.headDim];
  return {
    attend: (qkv, i) => {
      const names = cacheNames(i);
      const key = graph.input(names.pastKey, 'float32', cacheShape);
      const value = graph.input(names.pastValue, 'float32', cacheShape);
      const [attended, presentKey, presentValue] = graph.multi(
        'GroupQueryAttention',
        [graph.node('Reshape', [qkv, packed]), null, null, key, value, lengths, total, cos, sin, positions],
        3,
        {
          domain: microsoft,
          attributes: { ...groupedHeads(spec), do_rotary: { int: 1 } },
          outputs: [`attended_${i}`, names.presentKey, names.presentValue],
        },
      );
      if (!attended || !presentKey || !presentValue) throw new Error('attention has three outputs');
      graph.output(presentKey, 'float32', cacheShape);
      graph.output(presentValue, 'float32', cacheShape);
      return graph.node('Reshape', [attended, rows]);
    },
    finish: () => {},
  };
}

/** Queries, keys and values of the new tokens `[s, heads * headDim]`, turned to their positions, and the cache's parts. */
interface Parts {
  readonly q: Value;
  readonly k: Value;
  readonly v: Value;
  readonly layer: number;
  /** Recent keys and values `[1, kvHeads, r, headDim]`. */
  readonly recent: readonly [key: Value, value: Value];
}

/** What the two variants with a split cache have in common: all but how the parts are attended to. */
function splitCache(graph: GraphBuilder, spec: TextSpec, attend: (parts: Parts) => Value): Attention {
  const { heads, kvHeads, headDim, layers } = spec;
  const width = kvHeads * headDim;
  const cos = graph.input('cos', 'float32', ['s', headDim / 2]);
  const sin = graph.input('sin', 'float32', ['s', headDim / 2]);
  const recent = graph.input('recent', 'float32', ['r', 2 * layers, kvHeads, headDim]);
  const byHead = graph.node('Transpose', [recent], { attributes: { perm: { ints: [1, 2, 0, 3] } } });
  const sideOf = (index: number) =>
    graph.node('Gather', [byHead, graph.constant([index])], { attributes: { axis: { int: 0 } } });
  const sizes = graph.constant([heads * headDim, width, width]);
  const start = graph.constant([0]);
  const rotate = (x: Value, count: number) => {
    const sequence = graph.node('Reshape', [x, graph.constant([1, -1, count * headDim])]);
    const options = { domain: microsoft, attributes: { num_heads: { int: count } } } as const;
    const turned = graph.node('RotaryEmbedding', [sequence, start, cos, sin], options);
    return graph.node('Reshape', [turned, graph.constant([-1, count * headDim])]);
  };
  const fresh: Value[] = [];
  return {
    attend: (qkv, layer) => {
      const [q, k, v] = graph.multi('Split', [qkv, sizes], 3, { attributes: { axis: { int: 1 } } });
      if (!q || !k || !v) throw new Error('a split in three has three outputs');
      const turned = rotate(k, kvHeads);
      fresh.push(turned, v);
      const parts = [sideOf(2 * layer), sideOf(2 * layer + 1)] as const;
      return attend({ q: rotate(q, heads), k: turned, v, layer, recent: parts });
    },
    finish: () => {
      const rows = graph.node('Concat', fresh, { attributes: { axis: { int: 1 } }, outputs: ['rows'] });
      graph.output(rows, 'float32', ['s', 2 * layers * width]);
    },
  };
}

/** One operator over both parts of the cache joined. */
function fused(graph: GraphBuilder, spec: TextSpec): Attention {
  const { heads, kvHeads, headDim } = spec;
  const lengths = graph.input('seqlens_k', 'int32', [1]);
  const total = graph.input('total', 'int32', []);
  const rows = graph.constant([-1, heads * headDim]);
  const sequence = (x: Value, count: number) =>
    graph.node('Reshape', [x, graph.constant([1, -1, count * headDim])]);
  const farRows = farShape(spec, 'fused', 'value', 'n');
  return splitCache(graph, spec, ({ q, k, v, layer, recent }) => {
    const { pastKey, pastValue, presentKey, presentValue } = cacheNames(layer);
    const past = [pastKey, pastValue].map((name, side) => {
      const parts = [graph.input(name, 'float32', farRows), recent[side] ?? null];
      return graph.node('Concat', parts, { attributes: { axis: { int: 2 } } });
    });
    const [attended] = graph.multi(
      'GroupQueryAttention',
      [sequence(q, heads), sequence(k, kvHeads), sequence(v, kvHeads), ...past, lengths, total],
      3,
      {
        domain: microsoft,
        attributes: groupedHeads(spec),
        outputs: [`attended_${layer}`, presentKey, presentValue],
      },
    );
    if (!attended) throw new Error('attention has three outputs');
    return graph.node('Reshape', [attended, rows]);
  });
}

/** One softmax over the scores of both parts of the cache; a group of heads are the rows of one product. */
function decomposed(graph: GraphBuilder, spec: TextSpec): Attention {
  const { heads, kvHeads, headDim } = spec;
  const group = heads / kvHeads;
  const causal = graph.input('causal', 'float32', ['rows', 'near']);
  const foreign = graph.input('foreign', 'float32', ['rows_or_1', 'n']);
  const [none, most, keys] = [graph.constant([0]), graph.constant([2 ** 31 - 1]), graph.constant([3])];
  const farEnd = graph.input('far_end', 'int64', [1]);
  const nearStart = graph.input('near_start', 'int64', [1]);
  const scale = graph.scalar(1 / Math.sqrt(headDim));
  const reshape = (x: Value, ...shape: number[]) => graph.node('Reshape', [x, graph.constant(shape)]);
  const transpose = (x: Value, ...perm: number[]) =>
    graph.node('Transpose', [x], { attributes: { perm: { ints: perm } } });
  const last = { attributes: { axis: { int: -1 } } };
  return splitCache(graph, spec, ({ q, k, v, layer, recent }) => {
    const names = cacheNames(layer);
    const farKeys = graph.input(names.pastKey, 'float32', farShape(spec, 'decomposed', 'key', 'n'));
    const farValues = graph.input(
      names.pastValue,
      'float32',
      farShape(spec, 'decomposed', 'value', 'n_or_1'),
    );
    const near = (old: Value, own: Value) => {
      const byHead = transpose(reshape(own, 1, -1, kvHeads, headDim), 0, 2, 1, 3);
      return graph.node('Concat', [old, byHead], { attributes: { axis: { int: 2 } } });
    };
    const [nearKeys, nearValues] = [near(recent[0], k), near(recent[1], v)];
    const byHead = transpose(reshape(graph.node('Mul', [q, scale]), -1, kvHeads, group, headDim), 1, 2, 0, 3);
    const queries = reshape(byHead, 1, kvHeads, -1, headDim);
    const far = graph.node('Add', [graph.node('MatMul', [queries, farKeys]), foreign]);
    const close = graph.node('MatMul', [queries, transpose(nearKeys, 0, 1, 3, 2)]);
    const scores = graph.node('Concat', [far, graph.node('Add', [close, causal])], last);
    const shares = graph.node('Softmax', [scores], last);
    const farShares = graph.node('Slice', [shares, none, farEnd, keys]);
    const nearShares = graph.node('Slice', [shares, nearStart, most, keys]);
    const attended = graph.node('Add', [
      graph.node('MatMul', [farShares, farValues]),
      graph.node('MatMul', [nearShares, nearValues]),
    ]);
    return reshape(
      transpose(reshape(attended, kvHeads, group, -1, headDim), 2, 0, 1, 3),
      -1,
      heads * headDim,
    );
  });
}

/** Every variant, by how it is built. */
export const attentions: Record<AttentionVariant, (graph: GraphBuilder, spec: TextSpec) => Attention> = {
  'shared-cache': sharedCache,
  fused,
  decomposed,
};
