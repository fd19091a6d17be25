import * as v from 'valibot';
import { FLAGS } from '../../trace/flag';
import { QUESTION_TYPES } from '../../trace/trace';
import { VERDICTS } from '../../trace/verdict';

/** The parts of a report; a schema, since it comes out of a thread. */

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** So many traces by what counts for them; `pending` is all that nobody decided, or decided before it was edited. */
const verdictCounts = v.object({ approved: count, rejected: count, 'needs-edit': count, pending: count });

/** Where a trace stands in its file. */
const placeSchema = v.object({
  /** From 0. */
  index: count,
  /** 1-based line in which it begins. */
  line: count,
  id: v.string(),
});

const reviewerSchema = v.object({
  who: v.string(),
  /** Traces by what this one said last of each; who cleared their verdict said nothing. */
  ...{ judged: count, approved: count, rejected: count, needsEdit: count },
  /** When the first and the last of the verdicts that stand were said, ISO 8601, UTC. */
  first: v.string(),
  last: v.string(),
  /** Time of active review, in seconds, and verdicts for an hour of it: see `activeReview`. */
  activeSeconds: v.number(),
  perHour: v.nullable(v.number()),
});

const pairSchema = v.object({
  /** Two reviewers, in the order of their names. */
  ...{ a: v.string(), b: v.string() },
  /** States of traces that both judged, and on which they agree. */
  ...{ both: count, agreed: count },
  /** See `cohensKappa`. */
  kappa: v.nullable(v.number()),
});

const disagreementSchema = v.object({
  place: placeSchema,
  said: v.array(v.object({ who: v.string(), verdict: v.picklist(VERDICTS), reason: v.nullable(v.string()) })),
  /** Whether it is about a state that the trace has no more. */
  editedSince: v.boolean(),
});

/** Scores that are shown, in this order. */
export const SHOWN_SCORES = ['accuracy', 'format', 'reflection', 'reward'] as const;

export const reportSchema = v.object({
  /** Name of the data file, without its folder. */
  file: v.string(),
  /** When it was made, ISO 8601, UTC. */
  made: v.string(),
  traces: count,
  /** Items that are no traces; they are counted nowhere else. */
  notTraces: count,
  /** Why the file cannot be read to its end, in words; null if it can. */
  fault: v.nullable(v.string()),
  /** What is wrong with lines of the overlay, in words. */
  problems: v.array(v.string()),
  /** Traces that were judged and are not in the file as they were. */
  orphans: count,
  /** Traces with edits, as they stand. */
  edited: count,
  /** Traces by what counts for them, those apart that were edited since, and of which nobody said anything. */
  verdicts: v.object({ ...verdictCounts.entries, 'edited-since': count, 'not-judged': count }),
  /** The busiest first. */
  reviewers: v.array(reviewerSchema),
  /** Why traces got the verdict that counts; one may have several reasons. The most frequent first, with the first traces. */
  reasons: v.array(v.object({ name: v.string(), counts: verdictCounts, examples: v.array(placeSchema) })),
  /** The most frequent first. */
  sources: v.array(v.object({ name: v.string(), counts: verdictCounts })),
  types: v.array(v.object({ name: v.picklist(QUESTION_TYPES), counts: verdictCounts })),
  /** One trace may have several. */
  flags: v.array(v.object({ name: v.picklist(FLAGS), counts: verdictCounts })),
  scores: v.array(
    v.object({
      name: v.picklist(SHOWN_SCORES),
      /** Traces that have no such score, as there is no right answer to measure them by. */
      unknown: count,
      /** From the lowest score; each begins with `from` and ends before `to`, the last one with it. Equal for a single value. */
      bins: v.array(v.object({ from: v.number(), to: v.number(), counts: verdictCounts })),
    }),
  ),
  /** Of verdicts of different people on the same state of a trace. */
  agreement: v.object({
    /** Traces that several judged in the same state. */
    traces: count,
    ...{ pairs: count, agreed: count },
    /** Those that have most in common first. */
    reviewers: v.array(pairSchema),
    /** States of traces on which not all agree, and the first of them. */
    disagreed: count,
    disagreements: v.array(disagreementSchema),
  }),
});

/** What a review of a data file comes to. */
export type Report = v.InferOutput<typeof reportSchema>;
export type VerdictCounts = v.InferOutput<typeof verdictCounts>;
export type TracePlace = v.InferOutput<typeof placeSchema>;
export type Reviewer = v.InferOutput<typeof reviewerSchema>;
export type PairAgreement = v.InferOutput<typeof pairSchema>;
export type Disagreement = v.InferOutput<typeof disagreementSchema>;

/** All of them together. */
export const totalOf = (counts: VerdictCounts): number =>
  VERDICTS.reduce((total, verdict) => total + counts[verdict], 0);

/** How many traces somebody decided on, as they are now. */
export const judgedOf = ({ verdicts }: Pick<Report, 'verdicts'>): number =>
  verdicts.approved + verdicts.rejected + verdicts['needs-edit'];
