import { expect, it } from 'vitest';
import { macroAverage } from '../../../src/score/benchmark/macro-average';

const row = (kind: string, score: number) => ({ kind, score });

it('counts every kind of question the same, however many rows it has', () => {
  const rows = [
    row('object_counting', 1),
    row('object_counting', 0),
    row('object_counting', 0.5),
    row('route_planning', 1),
  ];
  expect(macroAverage('vsi-bench', rows)).toEqual({
    groups: [
      { name: 'multiple choice', kinds: [{ kind: 'route_planning', count: 1, mean: 1 }] },
      { name: 'numerical', kinds: [{ kind: 'object_counting', count: 3, mean: 0.5 }] },
    ],
    overall: 0.75,
  });
});

it('takes the three difficulties of a kind together', () => {
  const rows = ['_easy', '_medium', '_hard'].map((level, i) => row(`object_rel_direction${level}`, i / 2));
  expect(macroAverage('vsi-bench', rows)).toMatchObject({ overall: 0.5 });
});

it('leaves out kinds that the benchmark does not know', () => {
  expect(macroAverage('spar-bench', [row('position_matching', 1), row('other', 0)]).overall).toBe(1);
  expect(macroAverage('spar-bench', [row('other', 0)]).overall).toBeNull();
});
