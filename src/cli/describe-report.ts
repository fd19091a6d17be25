import { STANDINGS } from '../dataset/export/verdict-tally';
import {
  formatCount,
  formatDuration,
  formatKappa,
  formatTime,
  percentOf,
  scoreName,
  standingName,
  typeName,
  verdictName,
} from '../dataset/report/page/words';
import { judgedOf, type Report, totalOf, type VerdictCounts } from '../dataset/report/report';
import { VERDICTS } from '../trace/verdict';
import { printable } from './turn-printer';

/** Rows that are printed of what may have very many. */
const MOST_ROWS = 20;

type Row = readonly string[];

/** A report in words and tables. */
export function describeReport(report: Report): string {
  const { traces, verdicts, edited, agreement } = report;
  const judged = judgedOf(report);
  const { pairs, agreed } = agreement;
  const parts = [
    [
      `${counted(traces, 'trace')}, ${formatCount(judged)} judged (${percentOf(judged, traces)}), ${percentOf(verdicts.approved, judged)} of these approved, ${formatCount(edited)} edited`,
      ...remarks(report),
    ],
    table(
      'verdict',
      ['traces'],
      STANDINGS.map((one) => [standingName(one), formatCount(verdicts[one])]),
    ),
    reviewers(report),
    breakdown('reason', report.reasons),
    breakdown('source', report.sources),
    breakdown(
      'question type',
      report.types.map(({ name, counts }) => ({ name: typeName(name), counts })),
    ),
    breakdown('flag', report.flags),
    ...report.scores.map(scores),
    [
      pairs === 0
        ? 'No two people have judged the same trace in the same state.'
        : `${formatCount(agreed)} of ${formatCount(pairs)} pairs of verdicts on the same state of a trace agree (${percentOf(agreed, pairs)})`,
    ],
    pairs === 0
      ? []
      : table(
          'reviewers',
          ['both judged', 'agree', 'kappa'],
          agreement.reviewers.map(({ a, b, both, agreed: same, kappa }) => [
            `${a} and ${b}`,
            ...[formatCount(both), percentOf(same, both), formatKappa(kappa)],
          ]),
        ),
    disagreements(report),
  ];
  const lines = parts.filter((part) => part.length > 0).map((part) => part.map(printable).join('\n'));
  return `${lines.join('\n\n')}\n`;
}

function remarks({ notTraces, fault, orphans, problems }: Report): string[] {
  return [
    ...(notTraces > 0
      ? [`${counted(notTraces, 'item')} of the file that are no traces, and not counted`]
      : []),
    ...(fault === null ? [] : [`The file cannot be read to its end: ${fault}`]),
    ...(orphans > 0
      ? [`${counted(orphans, 'judged trace')} that are not in the file as they were, and not counted`]
      : []),
    ...problems.slice(0, MOST_ROWS),
  ];
}

function reviewers({ reviewers: people }: Report): string[] {
  if (people.length === 0) return [];
  const columns = [
    'judged',
    'approved',
    'rejected',
    'needs edit',
    'active',
    'an hour',
    'first (UTC)',
    'last (UTC)',
  ];
  const rows = people.map((one) => [
    one.who,
    ...[one.judged, one.approved, one.rejected, one.needsEdit].map(formatCount),
    formatDuration(one.activeSeconds),
    one.perHour === null ? '–' : formatCount(Math.round(one.perHour)),
    ...[formatTime(one.first), formatTime(one.last)],
  ]);
  return table('reviewer', columns, rows);
}

function breakdown(
  first: string,
  rows: readonly { readonly name: string; readonly counts: VerdictCounts }[],
): string[] {
  if (rows.length === 0) return [];
  const lines = table(
    first,
    ['traces', ...VERDICTS.map(verdictName)],
    rows
      .slice(0, MOST_ROWS)
      .map(({ name, counts }) => [name || 'none', formatCount(totalOf(counts)), ...cells(counts)]),
  );
  return rows.length > MOST_ROWS ? [...lines, `and ${rows.length - MOST_ROWS} more`] : lines;
}

/** Bins in which nothing is are left out. */
function scores({ name, unknown, bins }: Report['scores'][number]): string[] {
  const rows = bins
    .filter(({ counts }) => totalOf(counts) > 0)
    .map(({ from, to, counts }) => [
      from === to ? `${from}` : `${from.toFixed(1)} to ${to.toFixed(1)}`,
      ...cells(counts),
    ]);
  const rest = unknown === 0 ? [] : [`${formatCount(unknown)} have no right answer to be measured by`];
  return rows.length === 0
    ? []
    : [...table(scoreName(name).toLowerCase(), VERDICTS.map(verdictName), rows), ...rest];
}

function disagreements({ agreement: { disagreed, disagreements: listed } }: Report): string[] {
  const shown = listed.slice(0, MOST_ROWS);
  const lines = shown.map(({ place, said }) => {
    const words = said.map(
      ({ who, verdict, reason }) => `${who} ${verdictName(verdict)}${reason === null ? '' : ` (${reason})`}`,
    );
    return `line ${place.line}, ${place.id}: ${words.join(', ')}`;
  });
  return disagreed > shown.length ? [...lines, `and ${disagreed - shown.length} more`] : lines;
}

const cells = (counts: VerdictCounts): Row => VERDICTS.map((verdict) => formatCount(counts[verdict]));

/** Columns as wide as what is in them; the first is words, the others stand to the right. */
function table(first: string, columns: Row, rows: readonly Row[]): string[] {
  const all = [[first, ...columns], ...rows].map((row) => row.map(printable));
  const widths = all[0]?.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0))) ?? [];
  return all.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart((widths[i] ?? 0) + 2)))
      .join(''),
  );
}

/** `1 trace`, `2 traces` */
const counted = (count: number, what: string): string =>
  `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;
