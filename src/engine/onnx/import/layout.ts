import type { WeightFormat } from '../../engine';
import { type Checkpoint, type CheckpointTensor, elements } from '../checkpoint';
import { EMBEDDING, HEAD } from '../checkpoint/tensor-names';
import type { EmbeddingRows, StoredRange, StoredTensor } from '../imported-model';
import { weightBits } from '../weight-bits';
import { BLOCK, blocksIn, type CodeBits, codeBytes } from './codes';
import { BYTES } from './to-float32';

/** Changes when the layout or the conversion does, so that older imports are not taken for new ones. */
export const LAYOUT_VERSION = 2;

/** Where tensors start: a page, and on every system a place that a file can be mapped from. */
const ALIGNMENT = 4096;

/** One conversion: a tensor of the checkpoint to one range, or to two where it is quantised. */
export type Step = {
  /** Canonical name of what comes out; steps have different ones. */
  readonly name: string;
  readonly source: CheckpointTensor;
  /** Outer dimension and the product of the others. */
  readonly rows: number;
  readonly width: number;
} & (
  | { readonly kind: 'float32' | 'float16' | 'copy'; readonly stored: readonly [StoredRange] }
  | {
      readonly kind: 'codes';
      readonly bits: CodeBits;
      readonly stored: readonly [codes: StoredRange, scales: StoredRange];
    }
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
 * Lays out an import. Vision tower, norms and biases are float32; the linear layers of the text model and the head are as
 * `weightBits` says. Embedding rows stay as they are in the checkpoint, because only a few are read at a time, unless the
 * head reads them too, as floats.
 */
export function planLayout(checkpoint: Checkpoint, weights: WeightFormat): Layout {
  const { layers, tied } = checkpoint.spec.text;
  const files = new Map<string, number>();
  const steps: Step[] = [];
  const tensors = new Map<string, StoredTensor>();
  let embedding: EmbeddingRows | undefined;

  const place = (file: string, length: number): StoredRange => {
    const offset = Math.ceil((files.get(file) ?? 0) / ALIGNMENT) * ALIGNMENT;
    files.set(file, offset + length);
    return { file, offset, length };
  };
  const addFloats = (source: CheckpointTensor, file: string, dtype: 'float32' | 'float16'): StoredRange => {
    const { rows, width } = sidesOf(source);
    const range = place(file, rows * width * BYTES[dtype]);
    steps.push({ name: source.name, source, rows, width, kind: dtype, stored: [range] });
    const shape = source.shape.length > 2 ? [rows, width] : source.shape;
    tensors.set(source.name, { ...range, dtype, shape });
    return range;
  };
  const addCodes = (source: CheckpointTensor, name: string, bits: CodeBits): void => {
    const { rows, width } = sidesOf(source);
    const blocks = blocksIn(width);
    const codes = place('text.bin', rows * blocks * codeBytes(bits));
    const scales = place('text.bin', rows * blocks * 4);
    steps.push({ name, source, rows, width, kind: 'codes', bits, stored: [codes, scales] });
    const scalesName = `${name}.scales`;
    tensors.set(name, {
      ...codes,
      dtype: 'uint8',
      shape: [rows, blocks, codeBytes(bits)],
      bits,
      scales: scalesName,
      blockSize: BLOCK,
      inputs: width,
    });
    tensors.set(scalesName, { ...scales, dtype: 'float32', shape: [rows, blocks] });
  };
  const addEmbedding = (source: CheckpointTensor): void => {
    const { rows, width } = sidesOf(source);
    const head = weightBits(weights, null, layers);
    if (tied && (head === 32 || head === 16)) {
      const dtype = floatOf[head];
      embedding = { ...addFloats(source, 'text.bin', dtype), dtype, rows, width };
      return;
    }
    const range = place('embedding.bin', rows * width * BYTES[source.format]);
    steps.push({ name: source.name, source, rows, width, kind: 'copy', stored: [range] });
    embedding = { ...range, dtype: source.format, rows, width };
    if (tied) addLinear(source, HEAD, null);
  };
  const addLinear = (source: CheckpointTensor, name: string, layer: number | null): void => {
    const bits = weightBits(weights, layer, layers);
    if (bits === 32 || bits === 16) addFloats(source, 'text.bin', floatOf[bits]);
    else addCodes(source, name, bits);
  };

  for (const tensor of checkpoint.tensors) {
    if (tensor.name === EMBEDDING) addEmbedding(tensor);
    else if (tensor.role === 'linear') addLinear(tensor, tensor.name, layerOf(tensor.name));
    else if (tensor.role === 'head') addLinear(tensor, tensor.name, null);
    else addFloats(tensor, tensor.role === 'vision' ? 'vision.bin' : 'text.bin', 'float32');
  }
  if (embedding === undefined) throw new Error('A checkpoint without an embedding cannot have been opened.');
  return { steps, tensors, embedding, files };
}

const floatOf = { 32: 'float32', 16: 'float16' } as const;

/** The layer that a tensor of the text model belongs to. */
function layerOf(name: string): number {
  const layer = /^model\.layers\.(\d+)\./.exec(name)?.[1];
  if (layer === undefined) throw new Error(`${name} is in no layer.`);
  return Number(layer);
}

function sidesOf({ shape }: CheckpointTensor): { rows: number; width: number } {
  const rows = shape[0] ?? 1;
  return { rows, width: elements(shape) / rows };
}

/** Bytes that a step writes. */
export function storedBytes(step: Step): number {
  return step.stored.reduce((sum, { length }) => sum + length, 0);
}
