import { EngineError } from '../../engine';
import type { StoredTensor } from '../imported-model';
import { elementType, type GraphBuilder, type Value } from './graph-builder';

export type Tensors = ReadonlyMap<string, StoredTensor>;

/** Rows `[from, to)` of a tensor, addressed in place. */
export interface Rows {
  readonly from: number;
  readonly to: number;
}

/** A linear layer by the names of its tensors. */
export interface LinearLayer {
  readonly weight: string;
  readonly bias: string | null;
}

/** A weight in the graph, in the form of its format's operator. */
type Weight =
  | { readonly format: 'fp32'; readonly values: Value }
  /** Parts of the rows, one below the other. */
  | { readonly format: 'fp16'; readonly parts: readonly Value[] }
  | {
      readonly format: 'codes';
      readonly bits: number;
      readonly codes: Value;
      readonly scales: Value;
      readonly outputs: number;
      readonly inputs: number;
      readonly blockSize: number;
    };

/** Weights of a part of an fp16 matrix: as float32 it takes 4 MB, which stay in a processor's cache until they are used. */
const HALF_PART = 1 << 20;

/**
 * The layers of a graph that have weights. Activations are 2-D, `[rows, width]`, so that one operator does product
 * and bias: Gemm for fp32 weights, MatMulNBits for quantised ones. There is no such operator for fp16 weights and
 * float32 activations on the CPU: they are turned into float32 part by part as they are used.
 */
export class WeightedLayers {
  constructor(
    private readonly graph: GraphBuilder,
    private readonly tensors: Tensors,
  ) {}

  /** `x W^T + b` with `W` as PyTorch keeps it, `[out, in]`. */
  linear(x: Value, { weight, bias }: LinearLayer): Value {
    return this.product(x, this.weight(weight), bias === null ? null : this.float(bias));
  }

  /** The layer's outputs `[from, to)` alone; its weight must be fp32. */
  linearRows(x: Value, { weight, bias }: LinearLayer, rows: Rows): Value {
    const part: Weight = { format: 'fp32', values: this.float(weight, rows) };
    return this.product(x, part, bias === null ? null : this.float(bias, rows));
  }

  /** Several layers over the same input as one product, outputs side by side. onnxruntime joins the weights at load. */
  stacked(x: Value, layers: readonly { weight: string; bias: string }[]): Value {
    const weight = this.stack(layers.map((layer) => this.weight(layer.weight)));
    if (!weight) {
      throw new EngineError('bad-model', `${layers[0]?.weight} and its neighbours have different formats.`);
    }
    return this.product(x, weight, this.join(layers.map((layer) => this.float(layer.bias))));
  }

  /** Weights one below the other, or null if they are of different formats. */
  private stack(weights: readonly Weight[]): Weight | null {
    const floats = weights.flatMap((weight) => (weight.format === 'fp32' ? [weight.values] : []));
    if (floats.length === weights.length) return { format: 'fp32', values: this.join(floats) };
    const halves = weights.flatMap((weight) => (weight.format === 'fp16' ? [weight.parts] : []));
    if (halves.length === weights.length) return { format: 'fp16', parts: halves.flat() };
    const coded = weights.flatMap((weight) => (weight.format === 'codes' ? [weight] : []));
    const [first] = coded;
    if (coded.length !== weights.length || !coded.every(({ bits }) => bits === first?.bits)) return null;
    return (
      (first && {
        ...first,
        codes: this.join(coded.map(({ codes }) => codes)),
        scales: this.join(coded.map(({ scales }) => scales)),
        outputs: coded.reduce((sum, { outputs }) => sum + outputs, 0),
      }) ??
      null
    );
  }

  /** A float32 tensor, or rows of it, as an initializer that lies in its data file. */
  float(name: string, rows?: Rows): Value {
    return this.floats(name, 'float32', rows);
  }

  private floats(name: string, dtype: 'float32' | 'float16', rows?: Rows): Value {
    const stored = this.stored(name);
    if (stored.dtype !== dtype) throw new EngineError('bad-model', `Tensor ${name} is not ${dtype}.`);
    if (!rows) return this.graph.external(name, dtype, stored.shape, stored);
    const [all = 1, ...rest] = stored.shape;
    const count = rows.to - rows.from;
    const rowBytes = stored.length / all;
    return this.graph.external(`${name}[${rows.from}:${rows.to}]`, dtype, [count, ...rest], {
      file: stored.file,
      offset: stored.offset + rows.from * rowBytes,
      length: count * rowBytes,
    });
  }

  /** RMSNorm over the last axis. */
  norm(x: Value, name: string, epsilon: number): Value {
    return this.graph.node('SimplifiedLayerNormalization', [x, this.float(name)], {
      attributes: { axis: { int: -1 }, epsilon: { float: epsilon } },
    });
  }

  /** The sum of a residual and a branch, and its RMSNorm, in one operator. */
  skipNorm(x: Value, skip: Value, name: string, epsilon: number): [normed: Value, sum: Value] {
    const outputs = this.graph.multi('SkipSimplifiedLayerNormalization', [x, skip, this.float(name)], 4, {
      domain: 'com.microsoft',
      attributes: { epsilon: { float: epsilon } },
    });
    const [normed, , , sum] = outputs;
    if (!normed || !sum) throw new Error('a norm with residual has four outputs');
    return [normed, sum];
  }

  /** SwiGLU: `down(silu(gate x) * up x)`; `prefix` ends with the name of the MLP. */
  gatedMlp(x: Value, prefix: string, biases: boolean): Value {
    const linear = (input: Value, part: string) =>
      this.linear(input, {
        weight: `${prefix}.${part}.weight`,
        bias: biases ? `${prefix}.${part}.bias` : null,
      });
    const gate = this.graph.node('QuickGelu', [linear(x, 'gate_proj')], {
      domain: 'com.microsoft',
      // x * sigmoid(alpha x): SiLU at alpha 1.
      attributes: { alpha: { float: 1 } },
    });
    return linear(this.graph.node('Mul', [gate, linear(x, 'up_proj')]), 'down_proj');
  }

  has(name: string): boolean {
    return this.tensors.has(name);
  }

  private product(x: Value, weight: Weight, bias: Value | null): Value {
    switch (weight.format) {
      case 'fp32': {
        const inputs = bias ? [x, weight.values, bias] : [x, weight.values];
        return this.graph.node('Gemm', inputs, { attributes: { transB: { int: 1 } } });
      }
      case 'fp16': {
        const products = weight.parts.map((part) => {
          const values = this.graph.node('Cast', [part], {
            attributes: { to: { int: elementType.float32 } },
          });
          return this.graph.node('Gemm', [x, values], { attributes: { transB: { int: 1 } } });
        });
        const product = products.length === 1 && products[0] ? products[0] : this.join(products, 1);
        return bias ? this.graph.node('Add', [product, bias]) : product;
      }
      case 'codes':
        // Accuracy level 4 quantises each block of the activations to int8 too: the only kernel that is not slow.
        return this.graph.node('MatMulNBits', [x, weight.codes, weight.scales, null, null, bias], {
          domain: 'com.microsoft',
          attributes: {
            K: { int: weight.inputs },
            N: { int: weight.outputs },
            bits: { int: weight.bits },
            block_size: { int: weight.blockSize },
            accuracy_level: { int: 4 },
          },
        });
    }
  }

  private weight(name: string): Weight {
    const stored = this.stored(name);
    const [outputs = 0, width = 0] = stored.shape;
    if (stored.dtype === 'uint8') {
      const { bits, blockSize, inputs } = stored;
      const codes = this.graph.external(name, 'uint8', stored.shape, stored);
      return { format: 'codes', bits, codes, scales: this.float(stored.scales), outputs, inputs, blockSize };
    }
    if (stored.dtype === 'float32') return { format: 'fp32', values: this.float(name) };
    const rows = Math.max(1, Math.floor(HALF_PART / width));
    const parts = Array.from({ length: Math.ceil(outputs / rows) }, (_, i) =>
      this.floats(name, 'float16', { from: i * rows, to: Math.min((i + 1) * rows, outputs) }),
    );
    return { format: 'fp16', parts };
  }

  private join(parts: readonly Value[], axis = 0): Value {
    return this.graph.node('Concat', parts, { attributes: { axis: { int: axis } } });
  }

  private stored(name: string): StoredTensor {
    const tensor = this.tensors.get(name);
    if (!tensor)
      throw new EngineError('bad-model', `The imported model has no tensor ${name}; import it again.`);
    return tensor;
  }
}
