import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TextBatch } from '../../../../src/host/view/text-batch';

let sent: string[];
let batch: TextBatch;
beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  batch = new TextBatch((text) => sent.push(text), 30);
});
afterEach(() => void vi.useRealTimers());

it('sends the first piece at once and gathers those that follow closely', () => {
  batch.add('a');
  expect(sent).toEqual(['a']);
  batch.add('b');
  batch.add('c');
  expect(sent).toEqual(['a']);
  vi.advanceTimersByTime(30);
  expect(sent).toEqual(['a', 'bc']);
  batch.add('d');
  vi.advanceTimersByTime(30);
  vi.advanceTimersByTime(30);
  batch.add('e');
  expect(sent).toEqual(['a', 'bc', 'd', 'e']);
});

it('sends what there is when told, in order and once', () => {
  batch.add('a');
  batch.add('b');
  batch.flush();
  batch.flush();
  vi.advanceTimersByTime(100);
  expect(sent).toEqual(['a', 'b']);
});

it('forgets what there is when told', () => {
  batch.add('a');
  batch.add('b');
  batch.drop();
  vi.advanceTimersByTime(100);
  expect(sent).toEqual(['a']);
});
