import { expect, it } from 'vitest';
import { PlanMemory } from '../../../../src/host/sampling/plan-memory';
import { differences, newPlan, setPath, withRecorded } from '../../../../src/host/sampling/set-plan';

const RECORDED = {
  ...{ count: 3, candidates: 16, weights: null, limits: { maze: null, other: null } },
  sampling: { temperature: 0.7, topP: 1, seed: 5 },
};

it('begins with what upstream samples with, beside the question file, and with what was chosen last', () => {
  const first = newPlan('/data/mazes.json', null);
  expect(first).toEqual({
    ...{ questionFile: '/data/mazes.json', out: '/data/mazes.set.traces.jsonl', limit: null },
    ...{ candidates: 8, temperature: 1, topP: 1, seed: 0 },
  });
  const next = newPlan('/data/other.jsonl', { ...first, candidates: 4, seed: 9, limit: 2 });
  expect(next).toMatchObject({ candidates: 4, seed: 9, limit: null, out: '/data/other.set.traces.jsonl' });
});

it.each([
  ['mine', 'mine.traces.jsonl'],
  [' mine.jsonl ', 'mine.traces.jsonl'],
  ['sets/mine.traces.jsonl', 'sets/mine.traces.jsonl'],
])('a set that is called %j is written to %s', (typed, path) => {
  expect(setPath(typed)).toBe(path);
});

it('says what keeps its candidates out of a set, and may take what the set says', () => {
  const plan = newPlan('/data/mazes.json', null);
  expect(differences(plan, RECORDED)).toEqual(['temperature', 'seed']);
  const taken = withRecorded(plan, RECORDED);
  expect(taken).toMatchObject({ candidates: 16, temperature: 0.7, seed: 5 });
  expect(differences({ ...taken, candidates: 32 }, RECORDED)).toEqual([]);
});

it('is remembered, one for a set, the last one first; what else is there is no plan', async () => {
  let kept: unknown = [{ out: 'no plan' }];
  const memory = new PlanMemory({
    keys: () => [],
    get: () => kept,
    update: async (_: string, value: unknown) => {
      kept = value;
    },
  } as ConstructorParameters<typeof PlanMemory>[0]);
  expect(memory.list()).toEqual([]);
  const [a, b] = [newPlan('/a.json', null), newPlan('/b.json', null)];
  for (const plan of [a, b, { ...a, seed: 1 }]) await memory.add(plan);
  expect(memory.list()).toEqual([{ ...a, seed: 1 }, b]);
});
