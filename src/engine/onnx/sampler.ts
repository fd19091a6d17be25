import { mulberry32 } from '../../shared/mulberry32';
import type { Sampling } from '../engine';

/** Chooses the next token from logits. The same seed and logits choose the same tokens, on any machine. */
export class Sampler {
  private readonly random: () => number;
  /** Written anew for each token. */
  private weights = new Float64Array();

  constructor(private readonly sampling: Sampling) {
    this.random = mulberry32(sampling.seed);
  }

  /**
   * Greedy at temperature 0 (the lowest id wins a tie). Else: softmax of `logits / temperature` in double precision,
   * cut to the most likely tokens until their sum reaches `topP` (ties by id), and one uniform number picks among
   * them by their running sum.
   */
  next(logits: Float32Array): number {
    const { temperature, topP } = this.sampling;
    const best = argmax(logits);
    if (temperature === 0) return best;
    const peak = logits[best] ?? 0;
    if (this.weights.length !== logits.length) this.weights = new Float64Array(logits.length);
    const { weights } = this;
    let sum = 0;
    for (let id = 0; id < logits.length; id++) {
      const weight = Math.exp(((logits[id] ?? 0) - peak) / temperature);
      weights[id] = weight;
      sum += weight;
    }
    const ids = topP < 1 ? nucleus(weights, sum, topP) : null;
    return pick(weights, ids, ids ? total(weights, ids) : sum, this.random()) ?? best;
  }
}

/** The most likely tokens whose weights reach `topP` of `sum`, in falling order. */
function nucleus(weights: Float64Array, sum: number, topP: number): number[] {
  // All tokens rarer than this together weigh less than 1 - topP: none of them can be needed, so few are sorted.
  const rare = ((1 - topP) * sum) / weights.length;
  const candidates: number[] = [];
  for (let id = 0; id < weights.length; id++) if ((weights[id] ?? 0) >= rare) candidates.push(id);
  candidates.sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
  let reached = 0;
  for (const [i, id] of candidates.entries()) {
    reached += weights[id] ?? 0;
    if (reached >= topP * sum) return candidates.slice(0, i + 1);
  }
  return candidates;
}

/** One of `ids`, or of all. */
function pick(
  weights: Float64Array,
  ids: readonly number[] | null,
  sum: number,
  uniform: number,
): number | undefined {
  let rest = uniform * sum;
  let last: number | undefined;
  const count = ids?.length ?? weights.length;
  for (let i = 0; i < count; i++) {
    const id = ids?.[i] ?? i;
    last = id;
    rest -= weights[id] ?? 0;
    if (rest < 0) return id;
  }
  return last;
}

const total = (weights: Float64Array, ids: readonly number[]) =>
  ids.reduce((sum, id) => sum + (weights[id] ?? 0), 0);

function argmax(logits: Float32Array): number {
  let best = 0;
  let peak = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] ?? peak;
    if (logit > peak) {
      peak = logit;
      best = id;
    }
  }
  return best;
}
