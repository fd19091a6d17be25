import type { VisionSpec } from '../model-spec';
import { hasWindows, type Pieces } from '../vision-layout';
import { GraphBuilder, type Value } from './graph-builder';
import { type Tensors, WeightedLayers } from './weights';

/** How the tower attends: `fused` by MultiHeadAttention, `decomposed` by nothing but MatMul and Softmax. */
export type VisionAttention = 'fused' | 'decomposed';

/**
 * The vision tower with its merger as an ONNX model (bytes); one image a run, of P patches that make P / merge² tokens.
 *
 * Inputs: `pixels` [P, inChannels * temporalPatch * patch²], in the processor's order; `cos`, `sin` [P, headDim / 2],
 * in the order in which the blocks have the patches: that of the pixels, or window order if some block attends within
 * windows. Then there are (W windows, filled up to L patches): `order` int32 [P], the
 * patch at each place of window order; `restore` int32 [P / merge²], the reverse for tokens; `fill` int32 [W * L], the
 * place (in window order) that each place of the filled windows takes; `unfill` int32 [P], its reverse; `window_shape`
 * int64 [3], which is `[W, L, hidden]`; `window_mask` [W, 1, L, L], added to the scores. And int64 [1] where pieces
 * begin, i from 1 on: `image_cut_i`, a query of the whole image, `window_cut_i`, a window, and `row_cut_i`, a row of the MLPs. Output: `features` [P / merge², outHidden], in the
 * processor's order.
 */
export function buildVisionGraph(
  spec: VisionSpec,
  tensors: Tensors,
  variant: VisionAttention,
  pieces: Pieces,
): Uint8Array {
  const graph = new GraphBuilder();
  const layers = new WeightedLayers(graph, tensors);
  const full = new Set(spec.fullAttentionBlocks);
  const windows = hasWindows(spec) ? windowInputs(graph, pieces.windows) : null;
  const attend = attention(graph, spec, variant, pieces.image);
  const rowCuts = cutInputs(graph, 'row', pieces.rows);

  const pixelRow = spec.inChannels * spec.temporalPatch * spec.patch * spec.patch;
  const pixels = graph.input('pixels', 'float32', ['p', pixelRow]);
  let residual = layers.linear(pixels, { weight: 'visual.patch_embed.proj.weight', bias: null });
  if (windows) residual = gather(graph, residual, windows.order);
  let x = layers.norm(residual, 'visual.blocks.0.norm1.weight', spec.rmsEps);
  for (let i = 0; i < spec.depth; i++) {
    const of = (part: string) => `visual.blocks.${i}.${part}`;
    const qkv = { weight: of('attn.qkv.weight'), bias: of('attn.qkv.bias') };
    const part = (index: number) =>
      layers.linearRows(x, qkv, { from: index * spec.hidden, to: (index + 1) * spec.hidden });
    const attended = attend([part(0), part(1), part(2)], full.has(i) ? null : windows);
    const projected = layers.linear(attended, {
      weight: of('attn.proj.weight'),
      bias: of('attn.proj.bias'),
    });
    [x, residual] = layers.skipNorm(projected, residual, of('norm2.weight'), spec.rmsEps);
    const mlp = inPieces(graph, [x], 0, rowCuts, ([rows = x]) => layers.gatedMlp(rows, of('mlp'), true));
    const next = i + 1 < spec.depth ? `visual.blocks.${i + 1}.norm1.weight` : 'visual.merger.ln_q.weight';
    [x, residual] = layers.skipNorm(mlp, residual, next, spec.rmsEps);
  }
  const grouped = graph.node('Reshape', [x, graph.constant([-1, spec.hidden * spec.merge * spec.merge])]);
  const inner = layers.linear(grouped, mergerLayer(0));
  const active = graph.node('Gelu', [inner]);
  const tokens = layers.linear(active, mergerLayer(2));
  const features = windows ? gather(graph, tokens, windows.restore) : tokens;
  graph.output(graph.node('Identity', [features], { outputs: ['features'] }), 'float32', [
    't',
    spec.outHidden,
  ]);
  return graph.finish('vision');
}

const mergerLayer = (index: 0 | 2) => ({
  weight: `visual.merger.mlp.${index}.weight`,
  bias: `visual.merger.mlp.${index}.bias`,
});

interface WindowInputs {
  readonly order: Value;
  readonly restore: Value;
  readonly fill: Value;
  readonly unfill: Value;
  readonly shape: Value;
  readonly mask: Value;
  readonly cuts: readonly Value[];
}

/** What is cut into pieces: the queries of the whole image, the windows, the rows of the MLPs. */
export type Cut = 'image' | 'window' | 'row';

/** Where all pieces but the first begin. */
const cutInputs = (graph: GraphBuilder, of: Cut, pieces: number): Value[] =>
  Array.from({ length: pieces - 1 }, (_, i) => graph.input(`${of}_cut_${i + 1}`, 'int64', [1]));

function windowInputs(graph: GraphBuilder, pieces: number): WindowInputs {
  return {
    cuts: cutInputs(graph, 'window', pieces),
    order: graph.input('order', 'int32', ['p']),
    restore: graph.input('restore', 'int32', ['t']),
    fill: graph.input('fill', 'int32', ['f']),
    unfill: graph.input('unfill', 'int32', ['p']),
    shape: graph.input('window_shape', 'int64', [3]),
    mask: graph.input('window_mask', 'float32', ['w', 1, 'l', 'l']),
  };
}

function gather(graph: GraphBuilder, x: Value, indices: Value): Value {
  return graph.node('Gather', [x, indices], { attributes: { axis: { int: 0 } } });
}

type Attend = (qkv: readonly [q: Value, k: Value, v: Value], windows: WindowInputs | null) => Value;

/** Rotary embedding and attention over [P, hidden] rows: of the whole image, or within windows. */
function attention(graph: GraphBuilder, spec: VisionSpec, variant: VisionAttention, pieces: number): Attend {
  const cos = graph.input('cos', 'float32', ['p', spec.headDim / 2]);
  const sin = graph.input('sin', 'float32', ['p', spec.headDim / 2]);
  const start = graph.constant([0]);
  const image = graph.constant([1, -1, spec.hidden]);
  const rows = graph.constant([-1, spec.hidden]);
  const rotate = (x: Value) =>
    graph.node('RotaryEmbedding', [graph.node('Reshape', [x, image]), start, cos, sin], {
      domain: 'com.microsoft',
      attributes: { num_heads: { int: spec.heads } },
    });
  const mix = mixes[variant](graph, spec);
  const cuts = cutInputs(graph, 'image', pieces);
  return ([q, k, v], windows) => {
    const whole = [rotate(q), rotate(k), graph.node('Reshape', [v, image])] as const;
    if (!windows) {
      const [queries, keys, values] = whole;
      const attended = inPieces(graph, [queries], 1, cuts, ([some = queries]) =>
        mix([some, keys, values], null),
      );
      return graph.node('Reshape', [attended, rows]);
    }
    // Windows at the right and bottom edge are smaller: they are filled up, and the mask hides what fills them.
    const fill = (x: Value) => {
      const flat = gather(graph, graph.node('Reshape', [x, rows]), windows.fill);
      return graph.node('Reshape', [flat, windows.shape]);
    };
    const filled = [fill(whole[0]), fill(whole[1]), fill(whole[2])] as const;
    const attended = inPieces(graph, [...filled, windows.mask], 0, windows.cuts, ([q, k, v, mask]) => {
      if (!q || !k || !v || !mask) throw new Error('four values are cut into pieces');
      return mix([q, k, v], mask);
    });
    return gather(graph, graph.node('Reshape', [attended, rows]), windows.unfill);
  };
}

/** Does `work` piece by piece of `values`, which are cut at the same places along `axis`, and joins what comes of it. */
function inPieces(
  graph: GraphBuilder,
  values: readonly Value[],
  axis: 0 | 1,
  cuts: readonly Value[],
  work: (values: readonly Value[]) => Value,
): Value {
  if (cuts.length === 0) return work(values);
  const places = [graph.constant([0]), ...cuts, graph.constant([2 ** 31 - 1])];
  const along = graph.constant([axis]);
  const done = places.slice(1).map((to, i) => {
    const from = places[i] ?? null;
    return work(values.map((value) => graph.node('Slice', [value, from, to, along])));
  });
  return graph.node('Concat', done, { attributes: { axis: { int: axis } } });
}

/** Attention over `[batch, length, hidden]`, head by head; `mask` is added to the scores. */
type Mix = (qkv: readonly [q: Value, k: Value, v: Value], mask: Value | null) => Value;

function fused(graph: GraphBuilder, spec: VisionSpec): Mix {
  return (qkv, mask) =>
    graph.node('MultiHeadAttention', mask ? [...qkv, null, null, mask] : qkv, {
      domain: 'com.microsoft',
      attributes: { num_heads: { int: spec.heads } },
    });
}

function decomposed(graph: GraphBuilder, { heads, headDim, hidden }: VisionSpec): Mix {
  // A length of 0 is that of what is reshaped.
  const apart = graph.constant([0, 0, heads, headDim]);
  const joined = graph.constant([0, 0, hidden]);
  const scale = graph.scalar(1 / Math.sqrt(headDim));
  const split = (x: Value, ...perm: number[]) =>
    graph.node('Transpose', [graph.node('Reshape', [x, apart])], { attributes: { perm: { ints: perm } } });
  return ([q, k, v], mask) => {
    const queries = split(graph.node('Mul', [q, scale]), 0, 2, 1, 3);
    const scores = graph.node('MatMul', [queries, split(k, 0, 2, 3, 1)]);
    const shares = graph.node('Softmax', [mask ? graph.node('Add', [scores, mask]) : scores], {
      attributes: { axis: { int: -1 } },
    });
    const attended = graph.node('MatMul', [shares, split(v, 0, 2, 1, 3)]);
    const together = graph.node('Transpose', [attended], { attributes: { perm: { ints: [0, 2, 1, 3] } } });
    return graph.node('Reshape', [together, joined]);
  };
}

const mixes = { fused, decomposed };
