import { type Conversion, openBench, type Rows } from '../../src/engine/onnx/import/kernel';

/** What the import's kernel makes of `bytes`, in memory of its own; or the words with which it refuses them. */
export function convert(bytes: Uint8Array, rows: Rows, to: Conversion): Uint8Array[] | string {
  const [slot] = openBench(1, [[rows, to]]).slots;
  if (slot === undefined) throw new Error('there is no slot');
  slot.source(rows).set(bytes);
  const converted = slot.convert(rows, to);
  return 'refused' in converted ? converted.refused : converted.pieces.map((piece) => piece.slice());
}

/** The pieces of what is not refused. */
export function converted(bytes: Uint8Array, rows: Rows, to: Conversion): Uint8Array[] {
  const pieces = convert(bytes, rows, to);
  if (typeof pieces === 'string') throw new Error(`refused: ${pieces}`);
  return pieces;
}

export const bytesOf = (numbers: Float32Array | Uint16Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
