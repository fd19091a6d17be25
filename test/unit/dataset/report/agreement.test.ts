import { describe, expect, it } from 'vitest';
import { AgreementTally, countPairs } from '../../../../src/dataset/report/agreement';
import { sourceTrace } from '../overlay/edits';
import { said } from './said';

const source = sourceTrace('a');
const place = { index: 0, line: 1, id: 'a' };
const edited = 'e'.repeat(64);

describe('of the verdicts on a trace', () => {
  it('those of two people on the same state are a pair', () => {
    const events = [
      said(source, 3, 'Cy', 'rejected'),
      said(source, 2, 'Bo', 'approved'),
      said(source, 1, 'Al', 'approved'),
    ];
    expect(countPairs(events)).toEqual({ pairs: 3, agreed: 1 });
  });

  it('what somebody said last counts, and who cleared their verdict said nothing', () => {
    const changed = [
      said(source, 3, 'Al', 'rejected'),
      said(source, 2, 'Bo', 'rejected'),
      said(source, 1, 'Al', 'approved'),
    ];
    expect(countPairs(changed)).toEqual({ pairs: 1, agreed: 1 });
    const cleared = [
      said(source, 3, 'Al', 'pending'),
      said(source, 2, 'Bo', 'rejected'),
      said(source, 1, 'Al', 'approved'),
    ];
    expect(countPairs(cleared)).toEqual({ pairs: 0, agreed: 0 });
  });

  it('one before an edit and one after it are about different states', () => {
    const events = [said(source, 2, 'Bo', 'rejected', { of: edited }), said(source, 1, 'Al', 'approved')];
    expect(countPairs(events)).toEqual({ pairs: 0, agreed: 0 });
  });
});

describe('as traces go by', () => {
  it('reviewers are compared two by two, and what they disagree on is listed', () => {
    const tally = new AgreementTally();
    const agree = [said(source, 2, 'Bo', 'approved'), said(source, 1, 'Al', 'approved')];
    expect(tally.add(place, agree, source.ref.hash)).toBe(true);
    const alone = [said(source, 3, 'Al', 'approved')];
    expect(tally.add({ index: 1, line: 2, id: 'b' }, alone, source.ref.hash)).toBeNull();
    const differ = [
      said(source, 5, 'Bo', 'rejected', { reason: 'wrong box' }),
      said(source, 4, 'Al', 'approved'),
    ];
    const third = { index: 2, line: 3, id: 'c' };
    expect(tally.add(third, differ, edited)).toBe(false);
    expect(tally.result).toEqual({
      ...{ traces: 2, pairs: 2, agreed: 1, disagreed: 1 },
      // Half observed, half by chance.
      reviewers: [{ a: 'Al', b: 'Bo', both: 2, agreed: 1, kappa: 0 }],
      disagreements: [
        {
          place: third,
          said: [
            { who: 'Al', verdict: 'approved', reason: null },
            { who: 'Bo', verdict: 'rejected', reason: 'wrong box' },
          ],
          editedSince: true,
        },
      ],
    });
  });
});
