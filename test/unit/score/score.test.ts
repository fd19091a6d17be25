import { describe, expect, it } from 'vitest';
import { score } from '../../../src/score/score';
import { ScoreSums } from '../../../src/score/score-sums';
import { meanRelativeAccuracy } from '../../../src/score/upstream/mean-relative-accuracy';
import { answers, box, draws, scored } from './sentences';

const drawn = draws([box('cup', [10, 10, 50, 50])]);

describe("the paper's reward", () => {
  it('is accuracy and format together, and nothing without accuracy', () => {
    expect(score(scored([drawn, answers('A')]))).toMatchObject({ accuracy: 1, format: 1, reward: 2 });
    expect(score(scored([drawn, answers('B')]))).toMatchObject({ accuracy: 0, format: 1, reward: 0 });
  });

  it('gives no format where a drawing cannot be carried out, which upstream does not see', () => {
    const beyond = draws([box('cup', [10, 10, 50, 50], 9)]);
    expect(score(scored([beyond, answers('A')]))).toMatchObject({
      ...{ accuracy: 1, format: 0, reward: 1 },
      upstream: { accuracy: 1, format: 1, overall: 1 },
    });
  });

  it('measures a number by how near it comes', () => {
    const number = (answer: string) =>
      score(scored([answers(answer)], { type: 'numerical', upstreamType: 'numerical', gold: '5' })).accuracy;
    expect(['5', '5.0', '4.8', '4', '2.4', 'five', ''].map(number)).toEqual([1, 1, 1, 0.6, 0, 0, 0]);
  });

  it('is not known where the right answer is not', () => {
    expect(score(scored([drawn, answers('A')], { gold: null }))).toMatchObject({
      ...{ accuracy: null, reward: null, upstream: null, format: 1 },
    });
  });
});

it('an error on a bound is not below it', () => {
  expect([3.5, 4, 4.25, 4.5, 4.75].map((answer) => meanRelativeAccuracy(answer, 5))).toEqual([
    0.4, 0.6, 0.7, 0.8, 0.9,
  ]);
  expect([meanRelativeAccuracy(0, 0), meanRelativeAccuracy(1, 0)]).toEqual([1, 0]);
});

it('means are of those that have the score', () => {
  const sums = new ScoreSums();
  sums.add(score(scored([drawn, answers('A', 'The cup.')])));
  sums.add(score(scored([answers('A')], { gold: null })));
  expect(sums.means).toMatchObject({ count: 2, judged: 1, accuracy: 1, format: 1, turns: 1.5, boxes: 0.5 });
  expect([...sums.means.flags]).toEqual([['answered-without-drawing', 1]]);
  expect(new ScoreSums().means).toMatchObject({ count: 0, accuracy: null, turns: null });
});
