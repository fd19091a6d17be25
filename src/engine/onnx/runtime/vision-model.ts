import * as ort from 'onnxruntime-node';
import type { RgbImage } from '../../../trace/geometry';
import type { Provider } from '../../engine';
import { buildVisionGraph } from '../graph/vision-graph';
import type { ImportedModel } from '../imported-model';
import { patchGrid, pixelRows } from '../pixel-rows';
import { visionLayout } from '../vision-layout';
import { floats, openSession, run } from './session';

/** The vision tower: turns an image into the embeddings of its tokens. Opened when the first image comes. */
export class VisionModel {
  private session: ort.InferenceSession | null = null;

  constructor(
    private readonly model: ImportedModel,
    private readonly provider: Provider,
  ) {}

  /** Features `[tokens, hidden]` of an image whose sides are multiples of the processor's factor. */
  async encode(image: RgbImage): Promise<Float32Array> {
    const { vision, images } = this.model.spec;
    this.session ??= await openSession(buildVisionGraph(vision, this.model.tensors), {
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
      feeds.order = new ort.Tensor('int64', order, [order.length]);
      feeds.restore = new ort.Tensor('int64', restore, [restore.length]);
      feeds.fill = new ort.Tensor('int64', fill, [fill.length]);
      feeds.unfill = new ort.Tensor('int64', unfill, [unfill.length]);
      feeds.window_mask = new ort.Tensor('float32', mask, [count, 1, length, length]);
    }
    return floats(await run(this.session, feeds, { features: null }), 'features');
  }

  async close(): Promise<void> {
    await this.session?.release();
  }
}
