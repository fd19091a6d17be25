import type { WeightFormat } from '../../engine';
import { type Checkpoint, type CheckpointTensor, elements } from '../checkpoint';
import { EMBEDDING, HEAD } from '../checkpoint/tensor-names';
import type { EmbeddingRows, StoredRange, StoredTensor } from '../imported-model';
import { BLOCK, blocksIn } from './quantise';
import { BYTES } from './to-float32';

/** Changes when the layout or the conversion does, so that older imports are not taken for new ones. */
export const LAYOUT_VERSION = 1;

/** Where tensors start: a page, and on every system a place that a file can be mapped from. */
const ALIGNMENT = 4096;

/** One conversion: a tensor of the checkpoint to one range (`float32`, `copy`) or two (`int8`: codes, scales). */
export type Step = {
  /** Canonical name of what comes out; steps have different ones. */
  readonly name: string;
  readonly source: CheckpointTensor;
  /** Outer dimension and the product of the others. */
  readonly rows: number;
  readonly width: number;
} & (
  | { readonly kind: 'float32' | 'copy'; readonly stored: readonly [StoredRange] }
  | { readonly kind: 'int8'; readonly stored: readonly [codes: StoredRange, scales: StoredRange] }
);

/** An import before it is made: which bytes go where. It follows from the checkpoint's headers alone. */
export interface Layout {
  readonly steps: readonly Step[];
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly embedding: EmbeddingRows;
  /** Size of each data file. */
  readonly files: ReadonlyMap<string, number>;
}

/**
 * Lays out an import. Vision tower, norms and biases are float32. In `int8`, the linear layers of the text model and
 * the head are quantised; embedding rows stay as they are in the checkpoint, because only a few are read at a time.
 */
export function planLayout(checkpoint: Checkpoint, weights: WeightFormat): Layout {
  const files = new Map<string, number>();
  const steps: Step[] = [];
  const tensors = new Map<string, StoredTensor>();
  let embedding: EmbeddingRows | undefined;

  const place = (file: string, length: number): StoredRange => {
    const offset = Math.ceil((files.get(file) ?? 0) / ALIGNMENT) * ALIGNMENT;
    files.set(file, offset + length);
    return { file, offset, length };
  };
  const addFloat32 = (source: CheckpointTensor, file: string): StoredRange => {
    const { rows, width } = sidesOf(source);
    const range = place(file, rows * width * 4);
    steps.push({ name: source.name, source, rows, width, kind: 'float32', stored: [range] });
    const shape = source.shape.length > 2 ? [rows, width] : source.shape;
    tensors.set(source.name, { ...range, dtype: 'float32', shape });
    return range;
  };
  const addInt8 = (source: CheckpointTensor, name: string): void => {
    const { rows, width } = sidesOf(source);
    const blocks = blocksIn(width);
    const codes = place('text.bin', rows * blocks * BLOCK);
    const scales = place('text.bin', rows * blocks * 4);
    steps.push({ name, source, rows, width, kind: 'int8', stored: [codes, scales] });
    const shape = [rows, blocks, BLOCK];
    const scalesName = `${name}.scales`;
    tensors.set(name, {
      ...codes,
      dtype: 'uint8',
      shape,
      scales: scalesName,
      blockSize: BLOCK,
      inputs: width,
    });
    tensors.set(scalesName, { ...scales, dtype: 'float32', shape: [rows, blocks] });
  };
  const addEmbedding = (source: CheckpointTensor): void => {
    const { rows, width } = sidesOf(source);
    const { tied } = checkpoint.spec.text;
    if (tied && weights === 'fp32') {
      embedding = { ...addFloat32(source, 'text.bin'), dtype: 'float32', rows, width };
      return;
    }
    const range = place('embedding.bin', rows * width * BYTES[source.format]);
    steps.push({ name: source.name, source, rows, width, kind: 'copy', stored: [range] });
    embedding = { ...range, dtype: source.format, rows, width };
    if (tied) addInt8(source, HEAD);
  };

  for (const tensor of checkpoint.tensors) {
    if (tensor.name === EMBEDDING) addEmbedding(tensor);
    else if (weights === 'int8' && (tensor.role === 'linear' || tensor.role === 'head'))
      addInt8(tensor, tensor.name);
    else addFloat32(tensor, tensor.role === 'vision' ? 'vision.bin' : 'text.bin');
  }
  if (embedding === undefined) throw new Error('A checkpoint without an embedding cannot have been opened.');
  return { steps, tensors, embedding, files };
}

function sidesOf({ shape }: CheckpointTensor): { rows: number; width: number } {
  const rows = shape[0] ?? 1;
  return { rows, width: elements(shape) / rows };
}

/** Bytes that a step writes. */
export function storedBytes(step: Step): number {
  return step.stored.reduce((sum, { length }) => sum + length, 0);
}
