/** What the import's kernel has to give, by its definition, number by number. */
import { BLOCK, blocksIn, type CodeBits } from '../../src/engine/onnx/import/codes';

const LEAST_SCALE = 2 ** -126;

/** To the nearest whole number, ties to even. */
function round(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

export function plainCodes(weights: Float32Array, rows: number, width: number, bits: CodeBits) {
  const scales = new Float32Array(rows * blocksIn(width));
  const codes: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < blocksIn(width); i++) {
      const from = row * width + i * BLOCK;
      const block = weights.slice(from, Math.min(from + BLOCK, (row + 1) * width));
      const scale = bits === 8 ? scale8(block) : scale4(block);
      const isZero = Math.abs(scale) < LEAST_SCALE;
      scales[row * blocksIn(width) + i] = isZero ? 0 : scale;
      for (let k = 0; k < BLOCK; k++)
        codes.push(isZero ? 0 : Math.min(round(Math.fround((block[k] ?? 0) / scale)), bits === 8 ? 127 : 7));
    }
  }
  if (bits === 8) return { scales, codes: Uint8Array.from(codes, (code) => code + 128) };
  const bytes = Uint8Array.from({ length: codes.length / 2 }, (_, i) => {
    const [first = 0, second = 0] = codes.slice(2 * i, 2 * i + 2);
    return first + 8 + 16 * (second + 8);
  });
  return { scales, codes: bytes };
}

const scale8 = (block: Float32Array) => Math.fround(Math.max(...block.map(Math.abs)) / 127);

function scale4(block: Float32Array): number {
  const [low, high] = [Math.min(...block), Math.max(...block)];
  return Math.fround((high > -low ? high : low) / -8);
}

/** Null if a number is too large. */
export function plainHalves(values: Float32Array): Uint16Array | null {
  const halves = Array.from(values, plainHalf);
  return halves.includes(0x7c00) || halves.includes(0xfc00) ? null : Uint16Array.from(halves);
}

function plainHalf(value: number): number {
  const size = Math.abs(value);
  const sign = Object.is(size, value) ? 0 : 0x8000;
  // Numbers of an exponent are multiples of its step; rounding up to the next one carries over by itself.
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const steps = size === 0 ? 0 : round(size / 2 ** (exponent - 10));
  return sign + Math.min(0x7c00, Math.max(0, exponent + 14) * 1024 + steps);
}
