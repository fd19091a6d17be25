import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Fingerprint } from '../../../src/score/fingerprint';

const of = (parts: readonly (string | number)[]): number => {
  const print = new Fingerprint();
  for (const part of parts) {
    if (typeof part === 'string') print.addText(part);
    else print.add(part);
  }
  return print.value;
};

it('is the same whole number for the same row, and another for another', () => {
  const part = fc.oneof(fc.string({ unit: 'binary' }), fc.maxSafeInteger());
  fc.assert(
    fc.property(fc.array(part), fc.array(part), (one, other) => {
      expect(Number.isSafeInteger(of(one))).toBe(true);
      expect(of(one) === of(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
  );
});

it('tells rows apart that differ in one number, or in where one text ends', () => {
  const rows = Array.from({ length: 300 }, (_, a) => Array.from({ length: 300 }, (_, b) => of([a, 7, b])));
  expect(new Set(rows.flat()).size).toBe(90_000);
  expect(of(['ab', 'c'])).not.toBe(of(['a', 'bc']));
  expect(of([2 ** 32 + 1])).not.toBe(of([1]));
});
