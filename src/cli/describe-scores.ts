import type { ScoreMeans } from '../score/score-sums';

/** Means of many scores as a table, in the paper's form beside the form of its code, and then what was flagged. */
export function describeScores(means: ScoreMeans): string {
  const { count, judged, upstream, flags } = means;
  const scores: readonly (readonly [string, number | null, number | null])[] = [
    ['accuracy', means.accuracy, upstream.accuracy],
    ['format', means.format, upstream.format],
    ['reflection', means.reflection, upstream.reflection],
    ['reward', means.reward, upstream.overall],
  ];
  const behaviours: readonly (readonly [string, number | null])[] = [
    ['turns', means.turns],
    ['boxes', means.boxes],
    ['lines', means.lines],
    ['revisions', means.revisions],
    ['tracking', means.tracking],
    ['reflection by Eq. 5', means.equation5],
  ];
  const rows = [
    `${count === 1 ? '1 trace' : `${count} traces`}, ${judged} with a known answer`,
    '',
    `${'mean of'.padEnd(22)}${'here'.padStart(8)}${'upstream'.padStart(10)}`,
    ...scores.map(([name, here, there]) => `${name.padEnd(22)}${cell(here, 8)}${cell(there, 10)}`),
    '',
    'a trace, on average',
    ...behaviours.map(([name, mean]) => `${name.padEnd(22)}${cell(mean, 8)}`),
  ];
  if (flags.size > 0) {
    rows.push('', 'flagged', ...[...flags].map(([flag, times]) => `${String(times).padStart(8)}  ${flag}`));
  }
  return `${rows.join('\n')}\n`;
}

const cell = (value: number | null, width: number): string =>
  (value === null ? '-' : value.toFixed(3)).padStart(width);
