import { score } from '../score/score';
import { scoredTrace } from '../score/scored-trace';
import { checkTrace } from '../trace/edit/checks';
import { type MazeFrame, NEAR_CENTRE } from '../trace/maze-grid';
import type { Trace } from '../trace/trace';

export const STAGES = ['cold-start', 'reflective'] as const;
/** What candidates are chosen for: the stage of training that is to come. */
export type Stage = (typeof STAGES)[number];

/** What an example must be besides right and well-formed, in numbers, as it is recorded with what is kept. */
export interface Criteria {
  readonly stage: Stage;
  readonly leastTurns: number;
  /** Least real revisions. */
  readonly leastRevisions: 0 | 1;
  /** How far ends of lines in a maze may be from the centre of a cell, in cells, and where cells lie; null for any. */
  readonly centres: { readonly tolerance: typeof NEAR_CENTRE; readonly frame: MazeFrame } | null;
}

/**
 * What the paper filters by. For a cold start upstream's authors name right answers, drawings that can be carried out, three
 * rounds, and in mazes paths within the cells; for the reflective stage the paper's Eq. 6 is all.
 */
export const CRITERIA: Readonly<Record<Stage, Criteria>> = {
  'cold-start': {
    ...{ stage: 'cold-start', leastTurns: 3, leastRevisions: 0 },
    centres: { tolerance: NEAR_CENTRE, frame: 'image' },
  },
  reflective: { stage: 'reflective', leastTurns: 1, leastRevisions: 1, centres: null },
};

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
 * Why a candidate is no example by these criteria; null if it is one. Whatever they say, it has a right answer and a form that
 * holds, in which every drawing can be carried out.
 */
export function whyNot(trace: Trace, { leastTurns, leastRevisions, centres }: Criteria): Reason | null {
  const { accuracy, format, reflection } = score(scoredTrace(trace));
  if (trace.answer === null || (trace.finish !== null && trace.finish !== 'stop')) return 'not answered';
  if (accuracy === null || accuracy === 0) return 'wrong';
  if (format === 0) return 'not well-formed';
  if (trace.turns.length < leastTurns) return 'too few turns';
  if (centres !== null && isOffCentre(trace, centres.frame)) return 'off centre';
  return reflection < leastRevisions ? 'no revision' : null;
}

/** Whether a line in a maze whose grid is known (`source.gridSize`) ends away from the centres of cells. */
function isOffCentre(trace: Trace, frame: MazeFrame): boolean {
  return checkTrace(trace, { frame }).some(({ code }) => code === 'off-centre');
}

/** Chooses candidates one by one, and counts what is left out and why. */
export class Selection {
  kept = 0;
  readonly leftOut = new Map<Reason | 'enough of its question', number>();
  private readonly perQuestion = new Map<string, number>();

  /** @param most How many of one question are kept, the first ones. */
  constructor(
    private readonly criteria: Criteria,
    private readonly most = Number.POSITIVE_INFINITY,
  ) {}

  keeps(trace: Trace): boolean {
    const question = JSON.stringify([trace.question, trace.options, trace.images.map(({ path }) => path)]);
    const before = this.perQuestion.get(question) ?? 0;
    const why = whyNot(trace, this.criteria) ?? (before >= this.most ? 'enough of its question' : null);
    if (why === null) {
      this.kept++;
      this.perQuestion.set(question, before + 1);
      return true;
    }
    this.leftOut.set(why, (this.leftOut.get(why) ?? 0) + 1);
    return false;
  }
}
