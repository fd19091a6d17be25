import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { mulberry32 } from '../../../shared/mulberry32';
import type { Provider } from '../../engine';
import { GraphBuilder } from '../graph/graph-builder';
import { floats, openSession, run } from '../runtime/session';

/** Products with quantised weights, one after another, each with what the one before gave: `width` numbers a row. */
export interface Products {
  readonly bits: 4 | 8;
  readonly width: number;
  readonly count: number;
}

const BLOCK = 32;

/** Products on one provider, ready to run; `dir` takes their weights. */
export class ProductRunner {
  private constructor(
    private readonly session: ort.InferenceSession,
    private readonly width: number,
  ) {}

  static async open(products: Products, provider: Provider, dir: string): Promise<ProductRunner> {
    const { bits, width, count } = products;
    const random = mulberry32(bits);
    const rowBlocks = width / BLOCK;
    const codes = Uint8Array.from({ length: (width * width * bits) / 8 }, () => random() * 256);
    // So that numbers stay as large as they are, one product after another.
    const spread = 2 ** bits / Math.sqrt(12);
    const scales = new Float32Array(width * rowBlocks).fill(1 / (spread * Math.sqrt(width)));
    const file = `products-${bits}-${width}.bin`;
    await writeFile(join(dir, file), Buffer.concat([codes, new Uint8Array(scales.buffer)]));

    const graph = new GraphBuilder();
    const shape = [width, rowBlocks, (BLOCK * bits) / 8];
    const weights = graph.external('codes', 'uint8', shape, { file, offset: 0, length: codes.length });
    const scaling = { file, offset: codes.length, length: scales.byteLength };
    const factors = graph.external('scales', 'float32', [width * rowBlocks], scaling);
    let x = graph.input('x', 'float32', ['rows', width]);
    for (let i = 0; i < count; i++) {
      x = graph.node('MatMulNBits', [x, weights, factors], {
        domain: 'com.microsoft',
        attributes: {
          ...{ K: { int: width }, N: { int: width }, bits: { int: bits } },
          ...{ block_size: { int: BLOCK }, accuracy_level: { int: 4 } },
        },
        ...(i === count - 1 && { outputs: ['y'] }),
      });
    }
    graph.output(x, 'float32', ['rows', width]);
    const session = await openSession(graph.finish('products'), { dir, provider, use: 'constant' });
    return new ProductRunner(session, width);
  }

  /** The products of so many rows, the same ones each time. */
  async run(rows: number): Promise<Float32Array> {
    const random = mulberry32(rows);
    const x = Float32Array.from({ length: rows * this.width }, () => 2 * random() - 1);
    const feeds = { x: new ort.Tensor('float32', x, [rows, this.width]) };
    return floats(await run(this.session, feeds, { y: null }), 'y');
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}
