import * as v from 'valibot';
import type { Immutable } from '../protocol/contract';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const nothing = v.object({});
const failure = v.object({ message: v.string() });

/** Why a candidate is not one that is kept, in the words of `vilasr select --for reflective`. */
const leftOutSchema = v.picklist([
  'not answered',
  'wrong',
  'not well-formed',
  'too few turns',
  'off centre',
  'no revision',
]);

/** A candidate that has been drawn, as a line. */
const candidateSchema = v.object({
  id: v.string(),
  question: v.string(),
  outcome: v.picklist(['right', 'wrong', 'unanswered', 'failed']),
  answer: v.nullable(v.string()),
  /** Null for one that is kept: right, well-formed and reflective. */
  leftOut: v.nullable(leftOutSchema),
  turns: count,
  /** How long it took; null if the model did not come to speak. */
  seconds: v.nullable(v.number()),
  /** Why it failed. */
  error: v.nullable(v.string()),
});

/** What a sampling is doing; `paused`, `stopped` and `failed` may go on, and `done` has nothing left to do. */
const activitySchema = v.variant('type', [
  v.object({ type: v.literal('queued'), ahead: count }),
  v.object({ type: v.literal('opening'), message: v.string() }),
  v.object({ type: v.literal('running') }),
  v.object({ type: v.literal('pausing') }),
  v.object({ type: v.literal('paused') }),
  v.object({ type: v.literal('stopping') }),
  v.object({ type: v.literal('stopped') }),
  v.object({ type: v.literal('failed'), message: v.string() }),
  v.object({ type: v.literal('done') }),
]);

const samplingStateSchema = v.object({
  /** Absolute path of the set, by which the panel is found again; and the names of both files for people. */
  path: v.string(),
  set: v.string(),
  questionFile: v.string(),
  /** The model's name for people. */
  model: v.string(),
  plan: v.object({
    questions: v.nullable(count),
    candidates: count,
    temperature: v.number(),
    topP: v.number(),
    seed: v.number(),
  }),
  activity: activitySchema,
  /** Candidates of the whole plan; null while the questions are not read. */
  total: v.nullable(count),
  /** Counts of the candidates that are there. */
  tally: v.object({ candidates: count, right: count, wellFormed: count, reflective: count, kept: count }),
  /** Of those that were drawn since it began or went on. */
  failed: count,
  running: v.array(v.string()),
  pace: v.nullable(v.object({ perSecond: v.number(), secondsLeft: v.number() })),
  /** Drawn since it began or went on, the newest first. */
  newest: v.array(candidateSchema),
});

/** Candidates that a view shows at most. */
export const MOST_NEWEST = 100;

export type SampledCandidate = Immutable<v.InferOutput<typeof candidateSchema>>;
export type SamplingActivity = Immutable<v.InferOutput<typeof activitySchema>>;
export type SamplingState = Immutable<v.InferOutput<typeof samplingStateSchema>>;

/** What the view of a sampling keeps with `setState`: which set it shows, for a panel that is restored. */
export const keptSamplingSchema = v.object({ path: v.string() });

const plain = { params: nothing, event: v.never(), result: v.null() };

/** What the view asks of the extension. `ready` is called first. */
export const samplingHostContract = {
  methods: {
    ready: { params: nothing, event: v.never(), result: samplingStateSchema },
    pause: plain,
    goOn: plain,
    stop: plain,
    open: plain,
    review: plain,
    showLog: plain,
  },
  failure,
};
export type SamplingHostContract = typeof samplingHostContract;

/** What the extension tells the view. */
export const samplingWebviewContract = {
  methods: { show: { params: samplingStateSchema, event: v.never(), result: v.null() } },
  failure,
};
export type SamplingWebviewContract = typeof samplingWebviewContract;

/** Whether a sampling with this activity does something, or is about to. */
export function isGoing({ type }: SamplingActivity): boolean {
  return !RESTING.has(type);
}

const RESTING: ReadonlySet<SamplingActivity['type']> = new Set(['paused', 'stopped', 'failed', 'done']);
