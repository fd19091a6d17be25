import { createHash } from 'node:crypto';
import type { FoundQuestion } from '../dataset/read-questions';
import type { Sampling } from '../engine/engine';

/** How many answers are drawn to each question, and how. `sampling.seed` is that of the set as a whole. */
export interface SamplePlan {
  readonly candidates: number;
  readonly sampling: Sampling;
}

/** What upstream samples with in training; greedy candidates would all be the same. */
export const SAMPLE_DEFAULTS = { candidates: 8, temperature: 1 };

/** One of several traces that are drawn for a question. */
export interface Candidate {
  readonly question: FoundQuestion;
  /** From 1. */
  readonly number: number;
  /** Of its trace: the question's with the number, as in `maze-4-0#3`. */
  readonly id: string;
  /** With a seed of its own. */
  readonly sampling: Sampling;
}

/**
 * All candidates of a plan, question by question. The seed of one follows from that of the set, the question's id and the
 * number alone: it stays the same when questions or candidates are added.
 */
export function* candidatesOf(questions: readonly FoundQuestion[], plan: SamplePlan): Generator<Candidate> {
  for (const question of questions) {
    for (let number = 1; number <= plan.candidates; number++) {
      const id = `${question.id}#${number}`;
      yield { question, number, id, sampling: { ...plan.sampling, seed: seedOf(plan.sampling.seed, id) } };
    }
  }
}

/** 31 bits of SHA-256: turn k of a candidate draws with its seed plus k, which others must not come near. */
function seedOf(seed: number, id: string): number {
  return createHash('sha256').update(`${seed} ${id}`).digest().readUInt32BE() >>> 1;
}
