import * as ort from 'onnxruntime-node';
import type { RgbImage } from '../../../trace/geometry';
import type { AttentionVariant, Provider } from '../../engine';
import { buildVisionGraph } from '../graph/vision-graph';
import type { RunnableModel } from '../imported-model';
import { patchGrid, pixelRows } from '../pixel-rows';
import { visionLayout } from '../vision-layout';
import { floats, openSession, requireNumbers, run } from './session';

/** A tower of more bytes is closed once the images of a request are encoded: that of a 7B has 2.7 GB. */
const KEPT = 1e9;

/** The vision tower: turns an image into the embeddings of its tokens. Opened when an image comes. */
export class VisionModel {
  private session: ort.InferenceSession | null = null;
  private encoding = 0;

  /** @param kept Bytes of weights that may stay open while there is no image to encode. */
  constructor(
    private readonly model: RunnableModel,
    private readonly provider: Provider,
    private readonly attention: AttentionVariant,
    private readonly kept = KEPT,
  ) {}

  /** Features `[tokens, hidden]` of an image whose sides are multiples of the processor's factor. */
  async encode(image: RgbImage): Promise<Float32Array> {
    this.encoding++;
    try {
      return await this.run(image);
    } finally {
      this.encoding--;
    }
  }

  /** Gives the memory of a large tower back until the next image comes; unless one is being encoded. */
  async rest(): Promise<void> {
    if (this.encoding > 0 || this.session === null || visionBytes(this.model) <= this.kept) return;
    await this.close();
  }

  private async run(image: RgbImage): Promise<Float32Array> {
    const { vision, images } = this.model.spec;
    const variant = this.attention === 'decomposed' ? 'decomposed' : 'fused';
    this.session ??= await openSession(buildVisionGraph(vision, this.model.tensors, variant), {
      dir: this.model.dir,
      provider: this.provider,
      use: 'occasional',
    });
    const grid = patchGrid(image, vision);
    const patches = grid.rows * grid.columns;
    const pixels = pixelRows(image, vision, images);
    const layout = visionLayout(grid, vision);
    const rotary = [patches, vision.headDim / 2];
    const feeds: Record<string, ort.Tensor> = {
      pixels: new ort.Tensor('float32', pixels, [patches, pixels.length / patches]),
      cos: new ort.Tensor('float32', layout.cos, rotary),
      sin: new ort.Tensor('float32', layout.sin, rotary),
    };
    if (layout.windows) {
      const { count, length, order, restore, fill, unfill, mask } = layout.windows;
      feeds.order = new ort.Tensor('int32', order, [order.length]);
      feeds.restore = new ort.Tensor('int32', restore, [restore.length]);
      feeds.fill = new ort.Tensor('int32', fill, [fill.length]);
      feeds.unfill = new ort.Tensor('int32', unfill, [unfill.length]);
      const shape = BigInt64Array.from([count, length, vision.hidden], BigInt);
      feeds.window_shape = new ort.Tensor('int64', shape, [3]);
      feeds.window_mask = new ort.Tensor('float32', mask, [count, 1, length, length]);
    }
    const features = floats(await run(this.session, feeds, { features: null }), 'features');
    return this.provider === 'cpu' ? features : requireNumbers(features);
  }

  async close(): Promise<void> {
    const { session } = this;
    this.session = null;
    await session?.release();
  }
}

function visionBytes({ tensors }: RunnableModel): number {
  let bytes = 0;
  for (const [name, { length }] of tensors) if (name.startsWith('visual.')) bytes += length;
  return bytes;
}
