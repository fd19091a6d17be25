import type { Score } from '../../score/score';
import type { Verdict } from '../../trace/verdict';
import { noCounts } from './breakdown';
import { type Report, SHOWN_SCORES } from './report';

type ShownScore = (typeof SHOWN_SCORES)[number];

const BINS = 10;

/** The highest that each can be; those that are yes or no have a bin for each. */
const HIGHEST: Readonly<Record<ShownScore, { readonly highest: number; readonly binary: boolean }>> = {
  accuracy: { highest: 1, binary: false },
  format: { highest: 1, binary: true },
  reflection: { highest: 1, binary: true },
  reward: { highest: 2, binary: false },
};

/** Counts scores in bins, and in each traces by what counts for them. */
export class ScoreBins {
  private readonly scores = SHOWN_SCORES.map((name) => ({ name, unknown: 0, bins: emptyBins(name) }));

  add(score: Pick<Score, ShownScore>, verdict: Verdict): void {
    for (const one of this.scores) {
      const value = score[one.name];
      if (value === null) {
        one.unknown++;
        continue;
      }
      const bin = one.bins[binOf(one.name, value)];
      if (bin !== undefined) bin.counts[verdict]++;
    }
  }

  get result(): Report['scores'] {
    return this.scores;
  }
}

function emptyBins(name: ShownScore): Report['scores'][number]['bins'] {
  const { highest, binary } = HIGHEST[name];
  if (binary) return [0, 1].map((value) => ({ from: value, to: value, counts: noCounts() }));
  const edge = (i: number) => (i * highest) / BINS;
  return Array.from({ length: BINS }, (_, i) => ({ from: edge(i), to: edge(i + 1), counts: noCounts() }));
}

function binOf(name: ShownScore, value: number): number {
  const { highest, binary } = HIGHEST[name];
  if (binary) return value;
  // What falls on an edge but for the rounding of binary fractions is on it.
  const place = Math.floor((value / highest) * BINS + 1e-9);
  return Math.min(Math.max(place, 0), BINS - 1);
}
