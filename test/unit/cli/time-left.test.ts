import { expect, it } from 'vitest';
import { timeLeft } from '../../../src/cli/time-left';
import { Rate } from '../../../src/sample/rate';

it('says how fast work goes and how long the rest takes', () => {
  const rate = new Rate(0);
  const after = (seconds: number, left: number) => timeLeft(rate.pace(left, seconds * 1000));
  expect(after(5, 10)).toBe('');
  rate.add();
  rate.add();
  expect(after(1, 10)).toBe(', 2.0 a second, 5 s left');
  expect(after(100, 1000)).toBe(', 1.2 a minute, 13 h 54 min left');
  expect(after(1, 0)).toBe('');
});
