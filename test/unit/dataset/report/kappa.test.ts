import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohensKappa } from '../../../../src/dataset/report/kappa';

const square = fc.integer({ min: 1, max: 4 }).chain((size) =>
  fc.array(fc.array(fc.nat(50), { minLength: size, maxLength: size }), {
    minLength: size,
    maxLength: size,
  }),
);

describe("Cohen's kappa", () => {
  it('is agreement beyond chance', () => {
    // 70 % observed, 50 % by chance.
    expect(
      cohensKappa([
        [20, 5],
        [10, 15],
      ]),
    ).toBeCloseTo(0.4, 12);
    // Of 200: 140 observed, 82 by chance.
    const sixty = [
      [88, 14, 18],
      [10, 40, 10],
      [2, 6, 12],
    ];
    expect(cohensKappa(sixty)).toBeCloseTo((0.7 - 0.41) / (1 - 0.41), 12);
    expect(
      cohensKappa([
        [5, 0],
        [0, 5],
      ]),
    ).toBe(1);
    expect(
      cohensKappa([
        [25, 25],
        [25, 25],
      ]),
    ).toBe(0);
    expect(
      cohensKappa([
        [0, 5],
        [5, 0],
      ]),
    ).toBe(-1);
  });

  it('is undefined where nothing, or one verdict alone, was said', () => {
    expect(
      cohensKappa([
        [0, 0],
        [0, 0],
      ]),
    ).toBeNull();
    expect(
      cohensKappa([
        [7, 0],
        [0, 0],
      ]),
    ).toBeNull();
  });

  it('lies between -1 and 1, 1 only where all agree, and does not mind who comes first', () => {
    fc.assert(
      fc.property(square, (table) => {
        const kappa = cohensKappa(table);
        const turned = table.map((_, i) => table.map((row) => row[i] ?? 0));
        if (kappa === null) {
          expect(cohensKappa(turned)).toBeNull();
          return;
        }
        expect(Math.abs(kappa)).toBeLessThanOrEqual(1 + 1e-12);
        expect(cohensKappa(turned)).toBeCloseTo(kappa, 12);
        const disagreed = table.some((row, i) => row.some((count, j) => i !== j && count > 0));
        expect(kappa === 1).toBe(!disagreed);
      }),
      { seed: 81, numRuns: process.env.VILASR_LONG ? 20_000 : 500 },
    );
  });
});
