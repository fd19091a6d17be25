import { basename, dirname, extname, join } from 'node:path';
import * as v from 'valibot';
import { SAMPLE_DEFAULTS, type SamplePlan } from '../../sample/candidate';
import type { RecordedPlan } from '../../sample/recorded-plan';

const whole = (min: number) => v.pipe(v.number(), v.integer(), v.minValue(min));

/** What somebody asked to be sampled: which questions, how many candidates of each, drawn how, and into which file. */
export const setPlanSchema = v.object({
  /** Absolute path. */
  questionFile: v.string(),
  /** Only the first questions of the file; null for all. */
  limit: v.nullable(whole(1)),
  /** Of each question. */
  candidates: whole(1),
  temperature: v.pipe(v.number(), v.minValue(0), v.maxValue(10)),
  topP: v.pipe(v.number(), v.gtValue(0), v.maxValue(1)),
  seed: whole(0),
  /** Absolute path of the set. */
  out: v.string(),
});
export type SetPlan = Readonly<v.InferOutput<typeof setPlanSchema>>;

/** What of a plan its candidates follow from. */
export const samplePlanOf = ({ candidates, temperature, topP, seed }: SetPlan): SamplePlan => ({
  candidates,
  sampling: { temperature, topP, seed },
});

/** The plan for a question file that was not sampled from: numbers as they were chosen last, a set beside the file. */
export function newPlan(questionFile: string, last: SetPlan | null): SetPlan {
  const name = basename(questionFile, extname(questionFile));
  return {
    ...{ ...SAMPLE_DEFAULTS, topP: 1, seed: 0, ...last },
    ...{ questionFile, limit: null, out: join(dirname(questionFile), `${name}.set.traces.jsonl`) },
  };
}

/** The path of a set as somebody typed it, from the folder of the question file, with the ending of trace files. */
export function setPath(typed: string): string {
  return typed.trim().replace(/(?:\.traces)?(?:\.jsonl)?$/i, '.traces.jsonl');
}

/** The plan with the numbers that the set records. */
export function withRecorded(plan: SetPlan, { candidates, sampling }: RecordedPlan): SetPlan {
  const { temperature, topP, seed } = sampling;
  return { ...plan, candidates, temperature, topP, seed };
}

/** What of a plan keeps its candidates out of a set; their number does not. */
export function differences(
  plan: SetPlan,
  { sampling }: RecordedPlan,
): readonly ('temperature' | 'topP' | 'seed')[] {
  return (['temperature', 'topP', 'seed'] as const).filter((field) => plan[field] !== sampling[field]);
}
