import { dirname } from 'node:path';
import { pathFrom } from '../dataset/path-from';
import type { FoundQuestion } from '../dataset/read-questions';
import { writeRecord } from '../dataset/write-record';
import type { Engine } from '../engine/engine';
import { type PromptProfile, profileHash } from '../reason/profile';
import type { RunLimits } from '../trace/trace';
import type { SamplePlan } from './candidate';

/** By what a set is drawn. */
export interface PlannedSet {
  readonly questionFile: string;
  readonly plan: SamplePlan;
  readonly engine: Pick<Engine, 'info'>;
  readonly profile: PromptProfile;
  readonly limitsOf: (question: FoundQuestion) => RunLimits;
}

/** Where the plan of a set lies: beside it. */
export const planPath = (set: string): string => `${set.replace(/(?:\.traces)?\.jsonl$/i, '')}.plan.json`;

/**
 * Writes down by what a set is drawn, with every number and every word that is said to the model besides the questions, for
 * whoever wants to know later or to do it again. What counts when a set goes on is what its candidates say. Throws `DataError`.
 */
export async function recordPlan(
  set: string,
  questions: readonly FoundQuestion[],
  { questionFile, plan, engine, profile, limitsOf }: PlannedSet,
): Promise<void> {
  const { model, hash, provider, weights } = engine.info;
  const kinds = new Map<'maze' | 'other', RunLimits>();
  for (const question of questions) {
    const kind = question.gridSize === null ? 'other' : 'maze';
    if (!kinds.has(kind)) kinds.set(kind, limitsOf(question));
  }
  await writeRecord(planPath(set), {
    format: 'vilasr.sample-plan/1',
    questions: { file: pathFrom(dirname(set), questionFile), count: questions.length },
    candidates: plan.candidates,
    sampling: plan.sampling,
    model: { model, hash, provider, weights },
    limits: Object.fromEntries(kinds),
    profileHash: profileHash(profile),
    profile,
  });
}
