import { expect, it } from 'vitest';
import { Rate } from '../../../src/cli/rate';

it('says how fast work goes and how long the rest takes', () => {
  const rate = new Rate();
  const after = (seconds: number) => Date.now() + seconds * 1000;
  expect(rate.timeLeft(10, after(5))).toBe('');
  rate.add();
  rate.add();
  expect(rate.timeLeft(10, after(1))).toMatch(/^, 2\.0 a second, [56] s left$/);
  expect(rate.timeLeft(1000, after(100))).toMatch(/^, 1\.2 a minute, 13 h 5\d min left$/);
  expect(rate.timeLeft(0, after(1))).toBe('');
});
