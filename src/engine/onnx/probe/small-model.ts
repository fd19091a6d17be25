import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { mulberry32 } from '../../../shared/mulberry32';
import { EMBEDDING, expectedTensors } from '../checkpoint/tensor-names';
import type { RunnableModel, StoredTensor } from '../imported-model';
import type { ModelSpec, TextSpec, VisionSpec } from '../model-spec';
import { hasWindows } from '../vision-layout';

/**
 * A model with random weights whose heads are those of `spec`, which decide the kernels that attention takes, and which is
 * small in everything else. Its weights, float32, are written to `dir`.
 */
export async function writeSmallModel(spec: ModelSpec, dir: string): Promise<RunnableModel> {
  const [text, vision] = [smallText(spec.text), smallVision(spec.vision)];
  const tensors = new Map<string, StoredTensor>();
  const random = mulberry32(1);
  const file = await open(join(dir, FILE), 'w');
  try {
    let offset = 0;
    for (const { name, shape } of expectedTensors(text, vision)) {
      if (name === EMBEDDING) continue;
      const [rows = 1, ...rest] = shape;
      const width = rest.reduce((product, side) => product * side, 1);
      const values = new Float32Array(rows * width);
      // A vector is a bias or scales a norm: near 1, so that what is normed stays as large as it is.
      const [middle, spread] = rest.length === 0 ? [isNorm(name) ? 1 : 0, 0.1] : [0, Math.sqrt(3 / width)];
      for (let i = 0; i < values.length; i++) values[i] = middle + spread * (2 * random() - 1);
      await file.write(new Uint8Array(values.buffer), 0, values.byteLength, offset);
      const flat = rest.length > 1 ? [rows, width] : shape;
      tensors.set(name, { file: FILE, offset, length: values.byteLength, dtype: 'float32', shape: flat });
      offset = Math.ceil((offset + values.byteLength) / PAGE) * PAGE;
    }
  } finally {
    await file.close();
  }
  return { dir, spec: { ...spec, text, vision }, tensors, weights: 'fp32' };
}

const FILE = 'small.bin';
const PAGE = 4096;
const isNorm = (name: string): boolean => /norm|ln_q/.test(name);

function smallText(text: TextSpec): TextSpec {
  const kvHeads = Math.min(2, text.kvHeads);
  const heads = (text.heads / text.kvHeads) * kvHeads;
  const hidden = heads * text.headDim;
  return { ...text, layers: 2, kvHeads, heads, hidden, intermediate: 64, vocab: 64, tied: false };
}

function smallVision(vision: VisionSpec): VisionSpec {
  const heads = Math.min(2, vision.heads);
  const fullAttentionBlocks = hasWindows(vision) ? [1] : [0, 1];
  const hidden = heads * vision.headDim;
  return { ...vision, depth: 2, fullAttentionBlocks, heads, hidden, intermediate: 64, outHidden: 64 };
}
