import type { AttentionVariant } from '../../engine';
import type { TextSpec } from '../model-spec';
import { GraphBuilder } from './graph-builder';

/** The variants whose cache is split between device and host, see `SplitCache`: one joins its parts, one multiplies with each. */
export type SplitAttention = Exclude<AttentionVariant, 'shared-cache'>;

const sides = ['key', 'value'] as const;

/** The axis of a layer's keys or values along which tokens follow one another. */
const axisOf = (variant: SplitAttention, side: (typeof sides)[number]): 2 | 3 =>
  variant === 'decomposed' && side === 'key' ? 3 : 2;

/** The shape of a layer's keys or values of `tokens` tokens, as the text graph of `variant` takes them. */
export function farShape<T extends number | string>(
  { kvHeads, headDim }: TextSpec,
  variant: SplitAttention,
  side: (typeof sides)[number],
  tokens: T,
): readonly (number | T)[] {
  return axisOf(variant, side) === 2 ? [1, kvHeads, tokens, headDim] : [1, kvHeads, headDim, tokens];
}

/**
 * Adds tokens to the first part of a layer's split cache. Inputs: `key`, `value`, of n tokens; `rows` [m, 2, kvHeads,
 * headDim], keys and values of the next. Outputs: `new_key`, `new_value`, of n + m tokens.
 */
export function buildAppendGraph(spec: TextSpec, variant: SplitAttention): Uint8Array {
  const graph = new GraphBuilder();
  const rows = graph.input('rows', 'float32', ['m', 2, spec.kvHeads, spec.headDim]);
  for (const [index, side] of sides.entries()) {
    const axis = axisOf(variant, side);
    const own = graph.node('Gather', [rows, graph.constant([index])], { attributes: { axis: { int: 1 } } });
    const perm = axis === 2 ? [1, 2, 0, 3] : [1, 2, 3, 0];
    const turned = graph.node('Transpose', [own], { attributes: { perm: { ints: perm } } });
    const old = graph.input(side, 'float32', farShape(spec, variant, side, 'n'));
    const longer = graph.node('Concat', [old, turned], {
      attributes: { axis: { int: axis } },
      outputs: [`new_${side}`],
    });
    graph.output(longer, 'float32', farShape(spec, variant, side, 'n_and_m'));
  }
  return graph.finish('append');
}

/** Keeps the tokens of the numbers `keep` (int32 [k]) of `key` and `value`. Outputs: `new_key`, `new_value`. */
export function buildPickGraph(spec: TextSpec, variant: SplitAttention): Uint8Array {
  const graph = new GraphBuilder();
  const keep = graph.input('keep', 'int32', ['k']);
  for (const side of sides) {
    const old = graph.input(side, 'float32', farShape(spec, variant, side, 'n'));
    const axis = { axis: { int: axisOf(variant, side) } };
    const kept = graph.node('Gather', [old, keep], { attributes: axis, outputs: [`new_${side}`] });
    graph.output(kept, 'float32', farShape(spec, variant, side, 'k'));
  }
  return graph.finish('pick');
}
