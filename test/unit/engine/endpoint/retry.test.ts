import { describe, expect, it } from 'vitest';
import { DEFAULT_RETRY, retryAfter, waitBefore } from '../../../../src/engine/endpoint/retry';

const NOW = Date.UTC(2026, 0, 1);

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('%j is %j milliseconds', (header, wait) => expect(retryAfter(header, NOW)).toBe(wait));
});

describe('the wait before another try', () => {
  it('doubles, a quarter more or less, up to the longest', () => {
    for (let tries = 1; tries <= DEFAULT_RETRY.times; tries++) {
      const wait = waitBefore(tries, null, { ...DEFAULT_RETRY, longest: 6000 });
      const doubled = 1000 * 2 ** (tries - 1);
      expect(wait).toBeGreaterThanOrEqual(Math.min(6000, 0.75 * doubled));
      expect(wait).toBeLessThanOrEqual(Math.min(6000, 1.25 * doubled));
    }
  });

  it('is what the server asks for, if that is not too long', () => {
    expect(waitBefore(1, 20_000, DEFAULT_RETRY)).toBe(20_000);
    expect(waitBefore(1, 60_001, DEFAULT_RETRY)).toBeNull();
  });

  it('is none after the last try', () =>
    expect(waitBefore(DEFAULT_RETRY.times + 1, null, DEFAULT_RETRY)).toBeNull());
});
