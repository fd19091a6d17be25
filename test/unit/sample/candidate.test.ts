import { expect, it } from 'vitest';
import type { FoundQuestion } from '../../../src/dataset/read-questions';
import { candidatesOf } from '../../../src/sample/candidate';

const question = (id: string): FoundQuestion => ({
  ...{ id, line: 1, gridSize: null, imagePaths: ['a.png'], images: ['/a.png'] },
  question: { text: 'Which?', options: [], type: 'multiple-choice', gold: 'A', kind: 'single' },
});
const sampling = { temperature: 1, topP: 1, seed: 7 };
const seedsOf = (ids: readonly string[], candidates: number) =>
  new Map(
    [...candidatesOf(ids.map(question), { candidates, sampling })].map((one) => [one.id, one.sampling.seed]),
  );

it('every candidate has an id and a seed of its own', () => {
  const seeds = seedsOf(['a', 'b'], 100);
  expect([...seeds.keys()].slice(98, 102)).toEqual(['a#99', 'a#100', 'b#1', 'b#2']);
  expect(new Set(seeds.values()).size).toBe(200);
});

it('a seed stays what it is when questions or candidates are added', () => {
  const [few, many] = [seedsOf(['b'], 2), seedsOf(['a', 'b', 'c'], 9)];
  for (const [id, seed] of few) expect(many.get(id)).toBe(seed);
});

it('seeds lie so far apart that the turns of one do not draw as those of another', () => {
  const sorted = [
    ...seedsOf(
      Array.from({ length: 100 }, (_, i) => `q${i}`),
      8,
    ).values(),
  ].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((seed, i) => seed - (sorted[i] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThan(20);
});
