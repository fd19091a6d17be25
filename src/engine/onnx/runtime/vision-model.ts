import * as ort from 'onnxruntime-node';
import type { RgbImage } from '../../../trace/geometry';
import type { AttentionVariant, Provider } from '../../engine';
import { buildVisionGraph, type Cut } from '../graph/vision-graph';
import type { RunnableModel } from '../imported-model';
import { MOST_AT_ONCE } from '../most-at-once';
import { patchGrid, pixelRows } from '../pixel-rows';
import { type Pieces, towerPieces, visionLayout, type WindowLayout } from '../vision-layout';
import { floats, openSession, requireNumbers, run } from './session';

/** A tower of more bytes is closed once the images of a request are encoded: that of a 7B has 2.7 GB. */
const KEPT = 1e9;

/** The vision tower: turns an image into the embeddings of its tokens. Opened when an image comes. */
export class VisionModel {
  private session: ort.InferenceSession | null = null;
  /** Those of the session that is open. */
  private pieces: Pieces = { image: 1, windows: 1, rows: 1 };
  private encoding = 0;

  /**
   * @param kept Bytes of weights that may stay open while there is no image to encode.
   * @param most Bytes of what is computed in pieces, at once: as many as there are on the processor, unless given.
   */
  constructor(
    private readonly model: RunnableModel,
    private readonly provider: Provider,
    private readonly attention: AttentionVariant,
    private readonly kept = KEPT,
    private readonly most = provider === 'cpu' ? Number.POSITIVE_INFINITY : MOST_AT_ONCE,
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
    const grid = patchGrid(image, vision);
    const patches = grid.rows * grid.columns;
    const pixels = pixelRows(image, vision, images);
    const layout = visionLayout(grid, vision);
    const session = await this.open(patches, layout.windows);
    const rotary = [patches, vision.headDim / 2];
    const feeds: Record<string, ort.Tensor> = {
      pixels: new ort.Tensor('float32', pixels, [patches, pixels.length / patches]),
      cos: new ort.Tensor('float32', layout.cos, rotary),
      sin: new ort.Tensor('float32', layout.sin, rotary),
      ...cuts('image', patches, this.pieces.image),
      ...cuts('window', layout.windows?.count ?? 0, this.pieces.windows),
      ...cuts('row', patches, this.pieces.rows),
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
    const features = floats(await run(session, feeds, { features: null }), 'features');
    return this.provider === 'cpu' ? features : requireNumbers(features);
  }

  /** The session, anew if what is open has too few pieces for an image of so many patches, or more than there are parts. */
  private async open(patches: number, windows: WindowLayout | null): Promise<ort.InferenceSession> {
    const { model, provider, attention, pieces } = this;
    const { vision } = model.spec;
    const need = towerPieces(vision, patches, windows, this.most);
    const fits = (open: number, needed: number, parts: number) => needed <= open && open <= parts;
    const good =
      fits(pieces.image, need.image, patches) &&
      fits(pieces.windows, need.windows, windows?.count ?? 1) &&
      fits(pieces.rows, need.rows, patches);
    if (this.session && good) return this.session;
    await this.close();
    const variant = attention === 'decomposed' ? 'decomposed' : 'fused';
    const graph = buildVisionGraph(vision, model.tensors, variant, need);
    this.session = await openSession(graph, { dir: model.dir, provider, use: 'occasional' });
    this.pieces = need;
    return this.session;
  }

  async close(): Promise<void> {
    const { session } = this;
    this.session = null;
    await session?.release();
  }
}

/** Where pieces of so many parts, as long as each other, begin. */
function cuts(of: Cut, parts: number, pieces: number): Record<string, ort.Tensor> {
  const at = (i: number) => BigInt(Math.floor((i * parts) / pieces));
  return Object.fromEntries(
    Array.from({ length: pieces - 1 }, (_, i) => [
      `${of}_cut_${i + 1}`,
      new ort.Tensor('int64', [at(i + 1)], [1]),
    ]),
  );
}

function visionBytes({ tensors }: RunnableModel): number {
  let bytes = 0;
  for (const [name, { length }] of tensors) if (name.startsWith('visual.')) bytes += length;
  return bytes;
}
