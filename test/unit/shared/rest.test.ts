import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Rest } from '../../../src/shared/rest';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('lasts as long as the latest who asked for it wants', () => {
  const rest = new Rest();
  expect(rest.left).toBe(0);
  rest.begin(300);
  vi.advanceTimersByTime(100);
  rest.begin(100);
  expect(rest.left).toBe(200);
  rest.begin(300);
  expect(rest.left).toBe(300);
  vi.advanceTimersByTime(300);
  expect(rest.left).toBe(0);
});

it('leaves time to work, however often it is asked for', () => {
  const rest = new Rest();
  let worked = 0;
  for (let time = 0; time < 63_000; time += 50) {
    rest.begin(300);
    if (rest.left === 0) worked += 50;
    vi.advanceTimersByTime(50);
  }
  expect(worked).toBe(3000);
});
