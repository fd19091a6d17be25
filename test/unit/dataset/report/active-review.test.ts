import { expect, it } from 'vitest';
import { activeReview } from '../../../../src/dataset/report/active-review';

const minutes = (...all: number[]) => all.map((minute) => minute * 60_000);

it('is the time between verdicts, without breaks of more than five minutes', () => {
  // Two minutes, a break of an hour, and five minutes, which are none.
  expect(activeReview(minutes(0, 1, 2, 62, 67))).toEqual({ seconds: 7 * 60, perHour: (3 * 60) / 7 });
  expect(activeReview(minutes(67, 1, 62, 0, 2))).toEqual(activeReview(minutes(0, 1, 2, 62, 67)));
});

it('has no rate where no verdict followed another one soon enough', () => {
  expect(activeReview([])).toEqual({ seconds: 0, perHour: null });
  expect(activeReview(minutes(0, 6, 60))).toEqual({ seconds: 0, perHour: null });
  expect(activeReview(minutes(3, 3))).toEqual({ seconds: 0, perHour: null });
});
