import * as v from 'valibot';
import type { Contract, Immutable } from '../protocol/contract';
import { VERDICTS } from '../trace/verdict';

/**
 * Commands about the verdict on a trace, which the host passes on to the view that has the focus; each is a VS Code command
 * `vilasr.NAME`.
 */
export const VERDICT_COMMANDS = ['approve', 'reject', 'needsEdit', 'clearVerdict', 'undoVerdict'] as const;
export type VerdictCommand = (typeof VERDICT_COMMANDS)[number];

const verdict = v.picklist(VERDICTS);
const revision = v.pipe(v.number(), v.integer(), v.minValue(0));

const saidSchema = v.object({
  verdict,
  who: v.string(),
  /** ISO 8601, UTC. */
  at: v.string(),
  reason: v.nullable(v.string()),
});

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

/** What was said of a trace; of a shown trace null where it cannot be judged, as a run. */
export const shownVerdict = { verdict: v.nullable(viewVerdictSchema) };

/** One verdict, and who said it when. */
export type SaidVerdict = Immutable<v.InferOutput<typeof saidSchema>>;
export type ViewVerdict = Immutable<v.InferOutput<typeof viewVerdictSchema>>;

/** What a view asks of the host about verdicts. `revision` is that of the trace that the view shows. */
export const verdictMethods = {
  /**
   * Says what the user thinks of the trace; the host shows the outcome before it answers. False if the user was asked for a
   * reason and thought better of it.
   */
  judge: { params: v.object({ revision, verdict }), event: v.never(), result: v.boolean() },
  /** Takes back what the user said last of the trace. */
  undoVerdict: { params: v.object({ revision }), event: v.never(), result: v.null() },
  /** Whether single keys are for commands: the view has the focus, and nothing is typed in it. */
  keys: { params: v.object({ forCommands: v.boolean() }), event: v.never(), result: v.null() },
} satisfies Contract['methods'];
