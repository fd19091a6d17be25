import type { WeightFormat } from '../engine';

/** Bits that a weight of a linear layer is held in; 8 and 4 with a float32 scale for each block. */
export type WeightBits = 32 | 16 | 8 | 4;

const BITS: Readonly<Record<WeightFormat, WeightBits>> = { fp32: 32, fp16: 16, int8: 8, int4: 4 };

/**
 * How a linear layer of the text model is held: that of layer `layer` of `layers`, or for `layer` null the head. In `int4`
 * the first layer, the last one and the head keep 8 bits: an error there reaches every later layer, or the answer at once.
 */
export function weightBits(format: WeightFormat, layer: number | null, layers: number): WeightBits {
  const outer = layer === null || layer === 0 || layer === layers - 1;
  return format === 'int4' && outer ? 8 : BITS[format];
}
