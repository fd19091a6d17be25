import { EngineError } from '../../engine';
import type { StoredTensor } from '../imported-model';
import type { GraphBuilder, Value } from './graph-builder';

export type Tensors = ReadonlyMap<string, StoredTensor>;

/** Rows `[from, to)` of a tensor: a part of a packed weight, addressed in place. */
export interface Rows {
  readonly from: number;
  readonly to: number;
}

/**
 * The layers of a graph that have weights. Activations are 2-D, `[rows, width]`, so that one operator does product
 * and bias: Gemm for fp32 weights, MatMulNBits for int8.
 */
export class WeightedLayers {
  constructor(
    private readonly graph: GraphBuilder,
    private readonly tensors: Tensors,
  ) {}

  /** `x W^T + b` with `W` as PyTorch keeps it, `[out, in]`. `rows` takes those rows of W and b alone (fp32 only). */
  linear(x: Value, name: string, bias: string | null, rows?: Rows): Value {
    const weight = this.stored(name);
    const addend = bias === null ? null : this.float(bias, rows);
    if (weight.dtype === 'float32') {
      const inputs = addend ? [x, this.float(name, rows), addend] : [x, this.float(name, rows)];
      return this.graph.node('Gemm', inputs, { attributes: { transB: { int: 1 } } });
    }
    const [outputs = 0] = weight.shape;
    const packed = this.graph.external(name, 'uint8', weight.shape, weight);
    // Accuracy level 4 quantises each block of the activations to int8 too: the only 8-bit kernel that is not slow.
    return this.graph.node('MatMulNBits', [x, packed, this.float(weight.scales), null, null, addend], {
      domain: 'com.microsoft',
      attributes: {
        K: { int: weight.inputs },
        N: { int: outputs },
        bits: { int: 8 },
        block_size: { int: weight.blockSize },
        accuracy_level: { int: 4 },
      },
    });
  }

  /** A float32 tensor as an initializer that lies in its data file. */
  float(name: string, rows?: Rows): Value {
    const stored = this.stored(name);
    if (stored.dtype !== 'float32') throw new EngineError('bad-model', `Tensor ${name} is not float32.`);
    if (!rows) return this.graph.external(name, 'float32', stored.shape, stored);
    const [all = 1, ...rest] = stored.shape;
    const rowBytes = stored.length / all;
    return this.graph.external(
      `${name}[${rows.from}:${rows.to}]`,
      'float32',
      [rows.to - rows.from, ...rest],
      {
        file: stored.file,
        offset: stored.offset + rows.from * rowBytes,
        length: (rows.to - rows.from) * rowBytes,
      },
    );
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
      this.linear(input, `${prefix}.${part}.weight`, biases ? `${prefix}.${part}.bias` : null);
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

  private stored(name: string): StoredTensor {
    const tensor = this.tensors.get(name);
    if (!tensor)
      throw new EngineError('bad-model', `The imported model has no tensor ${name}; import it again.`);
    return tensor;
  }
}
