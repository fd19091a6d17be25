import * as v from 'valibot';
import type { Contract, Immutable } from '../protocol/contract';
import { FLAGS } from '../trace/flag';
import { traceSchema } from '../trace/trace-schema';
import { VERDICTS } from '../trace/verdict';

/** The part of the contract that a comparison of several answers to one question needs. */

/** Most traces that are compared at once: more columns than that nobody reads side by side. */
export const MOST_COMPARED = 4;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What a trace is worth as it is now. */
export const worthEntries = {
  /** By the paper's formulas; null where there is no trace, or no right answer is known. */
  score: v.nullable(
    v.object({ accuracy: v.number(), format: v.number(), reflection: v.number(), reward: v.number() }),
  ),
  /** What the reward does not see: see `FLAGS`. */
  flags: v.array(v.picklist(FLAGS)),
};

const worthSchema = v.object(worthEntries);

const candidateSchema = v.object({
  /** With its edits. As of the trace that is shown, its derived fields are not relied on. */
  trace: traceSchema,
  /** See `ShownTrace`. */
  key: v.string(),
  edited: v.boolean(),
  /** Whether the answer is right; null where nobody knows. */
  correct: v.nullable(v.boolean()),
  /** What counts of what was said of it. */
  verdict: v.picklist(VERDICTS),
  ...worthEntries,
});

export type Worth = Immutable<v.InferOutput<typeof worthSchema>>;
/** Another trace of the file, to be compared with the one that is shown. */
export type Candidate = Immutable<v.InferOutput<typeof candidateSchema>>;

/** What a view asks of the host to compare traces. */
export const compareMethods = {
  /**
   * The trace at place `index` of the file. As with images, the answer is null where `revision` is not that of the trace that
   * the host shows by now. A failure says that there is no trace at that place.
   */
  candidate: {
    params: v.object({ revision: count, index: count }),
    event: v.never(),
    result: v.nullable(candidateSchema),
  },
} satisfies Contract['methods'];
