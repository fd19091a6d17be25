import * as v from 'valibot';
import { WEIGHT_FORMATS, type WeightFormat } from '../engine/engine';
import type { Run, RunLimits, Trace } from '../trace/trace';
import type { SamplePlan } from './candidate';

/** What the candidates of a set say of the plan that they were drawn by. */
export interface RecordedPlan extends SamplePlan {
  /** Candidates that are there. */
  readonly count: number;
  /** How the weights were held; null where that is not known. */
  readonly weights: WeightFormat | null;
  /** Where the loop stopped at questions about mazes whose grid is known, and at others; null where there are none yet. */
  readonly limits: { readonly maze: RunLimits | null; readonly other: RunLimits | null };
}

const sourceSchema = v.object({
  gridSize: v.nullish(v.number()),
  sample: v.object({ of: v.number(), seed: v.number() }),
});

/** Whether a trace is a candidate of some set. */
export const isCandidate = ({ source }: Trace): boolean => v.is(sourceSchema, source);

/**
 * The plan of a set, from its traces; null if no candidate is among them. Where sets were merged, what its first candidates
 * say holds; of the numbers of candidates a question the largest.
 */
export async function recordedPlan(traces: AsyncIterable<Trace>): Promise<RecordedPlan | null> {
  let plan: RecordedPlan | null = null;
  for await (const { source, run } of traces) {
    const origin = v.safeParse(sourceSchema, source);
    if (!origin.success || run === null) continue;
    const { gridSize, sample } = origin.output;
    const begun: RecordedPlan = plan ?? {
      ...{ count: 0, candidates: 1, limits: { maze: null, other: null }, weights: weightsOf(run) },
      sampling: { ...run.sampling, seed: sample.seed },
    };
    const kind = typeof gridSize === 'number' ? 'maze' : 'other';
    plan = {
      ...begun,
      count: begun.count + 1,
      candidates: Math.max(begun.candidates, sample.of),
      limits: { ...begun.limits, [kind]: begun.limits[kind] ?? run.limits },
    };
  }
  return plan;
}

/** How a run held the weights; null where that is not known. */
export function weightsOf(run: Pick<Run, 'weights'> | null): WeightFormat | null {
  return WEIGHT_FORMATS.find((format) => format === run?.weights) ?? null;
}
