/** The relative errors below which an answer earns one tenth each: 1 - 0.50, 1 - 0.55, …, 1 - 0.95. */
const BOUNDS = [0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05];

/** Those bounds as PyTorch makes them in 32 bits: the thresholds by `arange`, then one minus each. */
const BOUNDS_32 = BOUNDS.map((_, i) => Math.fround(1 - Math.fround(0.5 + i * 0.05)));

const EPSILON = 1e-8;

/**
 * Mean relative accuracy of the paper's Eq. 3: the share of ten bounds that the relative error lies below, 0..1, in 64 bits.
 * An error on a bound is not below it, however it is rounded. A gold of 0 is met by 0 alone.
 */
export function meanRelativeAccuracy(answer: number, gold: number): number {
  const error = answer === gold ? 0 : Math.abs(answer - gold) / Math.abs(gold);
  return BOUNDS.filter((bound) => error < bound - 1e-12).length / BOUNDS.length;
}

/**
 * The same as upstream's code computes it, in 32 bits all along, so that a tie falls as it falls there. Its training asks for
 * an error *below* the bound, its evaluation lets the bound itself pass.
 */
export function upstreamRelativeAccuracy(
  answer: number,
  gold: number,
  ties: 'fail' | 'pass' = 'fail',
): number {
  const { fround, abs } = Math;
  const [a, g] = [fround(answer), fround(gold)];
  const error = fround(fround(abs(fround(a - g))) / fround(abs(g) + fround(EPSILON)));
  const met = BOUNDS_32.filter((bound) => (ties === 'pass' ? error <= bound : error < bound)).length;
  return fround(met / BOUNDS_32.length);
}
