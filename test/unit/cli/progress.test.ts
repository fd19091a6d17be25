import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Progress } from '../../../src/cli/progress';
import { memoryIo } from './memory-io';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Shows how far it is every second of `seconds`. */
function work(progress: Progress, seconds: number): void {
  for (let second = 1; second <= seconds; second++) {
    vi.advanceTimersByTime(1000);
    progress.show(`${second} of ${seconds}`);
  }
}

describe('progress on a terminal', () => {
  it('is one line that is written over, no wider than the terminal, and gone in the end', () => {
    const io = memoryIo('/', 6);
    const progress = new Progress(io);
    progress.show('a long line');
    vi.advanceTimersByTime(50);
    progress.show('too soon');
    work(progress, 1);
    progress.clear();
    progress.clear();
    expect(io.err()).toBe('\r\u001b[Ka lon\r\u001b[K1 of \r\u001b[K');
  });
});

describe('progress without a terminal', () => {
  it('is a plain line every half a minute', () => {
    const io = memoryIo('/');
    const progress = new Progress(io);
    work(progress, 100);
    progress.clear();
    expect(io.err()).toBe('30 of 100\n60 of 100\n90 of 100\n');
  });

  it('is silent about work that is soon done', () => {
    const io = memoryIo('/');
    const progress = new Progress(io);
    work(progress, 29);
    progress.clear();
    expect(io.err()).toBe('');
  });
});
