import { t } from '@vscode/l10n';
import type { FilterColumn, SortColumn } from '../../../src/trace/columns';
import type { ListRow, ListState } from '../../../src/view/trace-list';
import { formatCount } from '../model/numbers';

/** What a column is called. */
export function columnName(column: SortColumn): string {
  const names: Readonly<Record<SortColumn, string>> = {
    source: t('Source'),
    type: t('Type'),
    turns: t('Turns'),
    boxes: t('Boxes'),
    lines: t('Lines'),
    revisions: t('Revisions'),
    correct: t('Answer'),
    findings: t('Findings'),
    edited: t('Edited'),
    verdict: t('Verdict'),
  };
  return names[column];
}

/** A value of a column in words; names of data sets and codes of findings stand for themselves. */
export function valueName(column: FilterColumn, value: string): string {
  if (column === 'source') return value === '' ? t('no source') : value;
  const names: Readonly<Record<string, string>> = {
    'multiple-choice': t('multiple choice'),
    numerical: t('number'),
    'free-form': t('free form'),
    some: t('with revisions'),
    right: t('right'),
    wrong: t('wrong'),
    unknown: t('not known'),
    edited: t('edited'),
    unedited: t('not edited'),
    approved: t('approved'),
    rejected: t('rejected'),
    'needs-edit': t('needs edit'),
    pending: t('pending'),
    none: column === 'findings' ? t('no findings') : t('no revisions'),
  };
  return names[value] ?? value;
}

export const answerName = ({ correct }: ListRow): string =>
  correct === null ? '' : correct ? t('right') : t('wrong');

/** A row as a screen reader says it. */
export function describeRow(row: ListRow): string {
  const { index, id, name, turns, boxes, lines, revisions, codes, edited, source } = row;
  const parts = [
    t('Trace {0}', formatCount(index + 1)),
    id === null ? t('no trace') : name,
    ...(source === '' ? [] : [source]),
    t('{0} turns, {1} boxes, {2} lines, {3} revisions', turns, boxes, lines, revisions),
    ...(answerName(row) === '' ? [] : [answerName(row)]),
    ...(codes.length === 0 ? [] : [t('found: {0}', codes.join(', '))]),
    ...(edited ? [t('edited')] : []),
    ...(row.verdict === 'pending' ? [] : [valueName('verdict', row.verdict)]),
  ];
  return parts.join(', ');
}

/** How many rows there are, and how far they were read and searched. */
export function describeList({ count, read, total, reading, searched }: ListState): string {
  const found =
    count === total
      ? t('{0} traces', formatCount(count))
      : t('{0} of {1} traces', formatCount(count), formatCount(total));
  if (searched !== null) return t('{0}; searched {1}…', found, formatCount(searched));
  if (reading) return t('{0}; read {1}…', found, formatCount(read));
  return found;
}
