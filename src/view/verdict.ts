import * as v from 'valibot';
import type { Contract, Immutable } from '../protocol/contract';
import { VERDICTS } from '../trace/verdict';
import { worthEntries } from './compare';
import { listRowSchema } from './trace-list';

/**
 * Commands about the verdict on a trace, which the host passes on to the view that has the focus; each is a VS Code command
 * `vilasr.NAME`.
 */
export const VERDICT_COMMANDS = ['approve', 'reject', 'needsEdit', 'clearVerdict', 'undoVerdict'] as const;
export type VerdictCommand = (typeof VERDICT_COMMANDS)[number];

/** The same of the shape that is chosen alone, or if none is, of the turn that is. */
export const PART_COMMANDS = ['approvePart', 'rejectPart', 'needsEditPart', 'clearPartVerdict'] as const;
export type PartCommand = (typeof PART_COMMANDS)[number];

/**
 * Commands of a review, passed on likewise: to begin or end it, go on without a verdict, say more than a verdict, look at another
 * answer to the same question, compare several, and see the keys.
 */
export const REVIEW_COMMANDS = [
  'review',
  'skip',
  'comment',
  'nextCandidate',
  'previousCandidate',
  'compare',
  'showReviewKeys',
] as const;
export type ReviewCommand = (typeof REVIEW_COMMANDS)[number];

/** Most reasons that a key gives: there are nine digits. */
export const MOST_REASONS = 9;

const verdict = v.picklist(VERDICTS);
const revision = v.pipe(v.number(), v.integer(), v.minValue(0));

const saidSchema = v.object({
  verdict,
  who: v.string(),
  /** ISO 8601, UTC. */
  at: v.string(),
  reason: v.nullable(v.string()),
  comment: v.nullable(v.string()),
});

const words = v.nullable(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(2000)));
const whySchema = v.object({ reason: words, comment: words });

const viewVerdictSchema = v.object({
  /** What counts. */
  verdict,
  /** Whether it counts as pending because the trace is not what was judged any more. */
  editedSince: v.boolean(),
  /** The newest; null if nobody said anything. */
  said: v.nullable(saidSchema),
  /** What everybody else said last. */
  others: v.array(saidSchema),
});

/** Which part of a trace: a turn, or one of its drawings, both from 0. */
const partEntries = { turn: revision, shape: v.nullable(revision) };
const partSchema = v.object(partEntries);
const partVerdictSchema = v.object({ ...partEntries, ...viewVerdictSchema.entries });

/** What was said of a trace. */
export const shownVerdict = {
  /** Null where it cannot be judged, as a run. */
  verdict: v.nullable(viewVerdictSchema),
  /** What was said of its parts, in their order; none of those of which nothing was. */
  partVerdicts: v.array(partVerdictSchema),
};

/** One verdict, and who said it when. */
export type SaidVerdict = Immutable<v.InferOutput<typeof saidSchema>>;
/** Why a verdict is given: in a few words, and in more; null where nothing was said. */
export type Why = Immutable<v.InferOutput<typeof whySchema>>;
export type PartPlace = Immutable<v.InferOutput<typeof partSchema>>;
export type PartVerdictView = Immutable<v.InferOutput<typeof partVerdictSchema>>;
export type ViewVerdict = Immutable<v.InferOutput<typeof viewVerdictSchema>>;

/** What the user thinks of the trace of that revision, and why. */
export const judgementSchema = v.object({ revision, verdict: v.picklist(VERDICTS), why: whySchema });

/** What a view asks of the host about verdicts. `revision` is that of the trace that the view shows. */
export const verdictMethods = {
  /**
   * Says what the user thinks of the trace, or of a part of it alone; the host shows the outcome before it answers. Without `why` the user may be asked
   * for a reason: false if they thought better of the verdict then.
   */
  judge: {
    params: v.object({ revision, verdict, why: v.nullable(whySchema), part: v.nullable(partSchema) }),
    event: v.never(),
    result: v.boolean(),
  },
  /** Takes back what the user said last of the trace or of a part of it. */
  undoVerdict: { params: v.object({ revision }), event: v.never(), result: v.null() },
  /** What a review of the trace that is shown needs, or a comparison of it with others. */
  desk: {
    params: v.object({}),
    event: v.never(),
    result: v.object({
      /** The number of the trace that it is about. */
      index: revision,
      /** Reasons to choose from by a key. */
      reasons: v.pipe(v.array(v.string()), v.maxLength(MOST_REASONS)),
      /** Whether a verdict leads to the next trace. */
      advance: v.boolean(),
      ...worthEntries,
      /** All answers to the same question, in the order of the file, as far as it was read. */
      candidates: v.array(listRowSchema),
    }),
  },
  /**
   * Whether single keys are for commands: the view has the focus, and nothing is typed in it; and whether those of a review,
   * and of a comparison, are among them.
   */
  keys: {
    params: v.object({ forCommands: v.boolean(), reviewing: v.boolean(), comparing: v.boolean() }),
    event: v.never(),
    result: v.null(),
  },
} satisfies Contract['methods'];
