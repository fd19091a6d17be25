import { score } from '../score/score';
import { scoredTrace } from '../score/scored-trace';
import { checkTrace } from '../trace/edit/checks';
import type { Trace } from '../trace/trace';

export const STAGES = ['cold-start', 'reflective'] as const;
/** What candidates are chosen for: the stage of training that is to come. */
export type Stage = (typeof STAGES)[number];

/** Least turns of a trace to start from, as upstream's authors say of theirs. */
const LEAST_TURNS = 3;

/** Why a candidate is left out; the first that holds, in this order. */
export const REASONS = [
  'not answered',
  'wrong',
  'not well-formed',
  'too few turns',
  'off centre',
  'no revision',
] as const;
export type Reason = (typeof REASONS)[number];

/**
 * Why a candidate is no example for the stage; null if it is one. Both want a right answer and a format that holds.
 * `cold-start`: also three turns, and in a maze whose grid is known (`source.gridSize`) lines from the centre of a cell to
 * another's. `reflective`: also a real revision.
 */
export function whyNot(trace: Trace, stage: Stage): Reason | null {
  const { accuracy, format, reflection } = score(scoredTrace(trace));
  if (trace.answer === null || (trace.finish !== null && trace.finish !== 'stop')) return 'not answered';
  if (accuracy === null || accuracy === 0) return 'wrong';
  if (format === 0) return 'not well-formed';
  if (stage === 'reflective') return reflection === 1 ? null : 'no revision';
  if (trace.turns.length < LEAST_TURNS) return 'too few turns';
  return checkTrace(trace).some(({ code }) => code === 'off-centre') ? 'off centre' : null;
}

/** Chooses candidates one by one, and counts what is left out and why. */
export class Selection {
  kept = 0;
  readonly leftOut = new Map<Reason | 'enough of its question', number>();
  private readonly perQuestion = new Map<string, number>();

  /** @param most How many of one question are kept, the first ones. */
  constructor(
    private readonly stage: Stage,
    private readonly most = Number.POSITIVE_INFINITY,
  ) {}

  keeps(trace: Trace): boolean {
    const question = JSON.stringify([trace.question, trace.options, trace.images.map(({ path }) => path)]);
    const before = this.perQuestion.get(question) ?? 0;
    const why = whyNot(trace, this.stage) ?? (before >= this.most ? 'enough of its question' : null);
    if (why === null) {
      this.kept++;
      this.perQuestion.set(question, before + 1);
      return true;
    }
    this.leftOut.set(why, (this.leftOut.get(why) ?? 0) + 1);
    return false;
  }
}
