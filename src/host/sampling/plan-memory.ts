import * as v from 'valibot';
import type { Memento } from 'vscode';
import { type SetPlan, setPlanSchema } from './set-plan';

const KEY = 'samplings';
const MOST = 20;

const schema = v.array(setPlanSchema);

/** The plans that were sampled by in this workspace, the last one first. */
export class PlanMemory {
  constructor(private readonly memory: Memento) {}

  list(): readonly SetPlan[] {
    const kept = v.safeParse(schema, this.memory.get(KEY));
    return kept.success ? kept.output : [];
  }

  /** Puts a plan first, in the place of an older one for the same set. */
  async add(plan: SetPlan): Promise<void> {
    const others = this.list().filter(({ out }) => out !== plan.out);
    await this.memory.update(KEY, [plan, ...others].slice(0, MOST));
  }
}
