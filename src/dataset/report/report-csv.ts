import type { Score } from '../../score/score';
import type { Trace } from '../../trace/trace';
import type { EditedItem } from '../export/edited-items';
import { standingOf } from '../export/verdict-tally';
import type { TracePlace } from './report';

/** What a row says of a trace. */
export interface CsvRow {
  readonly place: TracePlace;
  readonly trace: Pick<Trace, 'type'>;
  readonly source: string;
  /** Whether edits have made it another. */
  readonly edited: boolean;
  readonly verdict: EditedItem['verdict'];
  readonly score: Score;
  /** Whether all who judged it in the same state agree; null where no two did. */
  readonly agree: boolean | null;
}

const COLUMNS = [
  ...['trace', 'line', 'id', 'verdict', 'by', 'at', 'reason', 'comment', 'others', 'agreement'],
  ...['edited', 'source', 'type', 'accuracy', 'format', 'reflection', 'reward', 'flags'],
  ...['turns', 'boxes', 'lines', 'revisions'],
];

/** The first line; lines end with a carriage return and a line feed (RFC 4180), of which this and `csvRow` give the first. */
export const csvHead = (): string => `${COLUMNS.join()}\r`;

/** The line of a trace, in the order of `csvHead`. */
export function csvRow({ place, trace, source, edited, verdict, score, agree }: CsvRow): string {
  const { said, others } = verdict ?? { said: undefined, others: [] };
  const { accuracy, format, reflection, reward, flags, behaviour } = score;
  const cells = [
    ...[place.index + 1, place.line, freeText(place.id)],
    ...[standingOf(verdict), freeText(said?.who), said?.at ?? ''],
    ...[freeText(said?.reason), freeText(said?.comment)],
    freeText(others.map(({ who, verdict: theirs }) => `${who}: ${theirs}`).join('; ')),
    agree === null ? '' : agree ? 'agree' : 'disagree',
    ...[edited ? 'edited' : '', freeText(source), trace.type],
    ...[accuracy, format, reflection, reward].map((one) => one ?? ''),
    ...[flags.join(' '), behaviour.turns, behaviour.boxes, behaviour.lines, behaviour.revisions],
  ];
  return `${cells.map(quoted).join()}\r`;
}

/**
 * Text that somebody else wrote. One that a spreadsheet would take for a formula, since it begins with = + - @ or with white space
 * before one of these, gets an apostrophe before it; numbers and words of our own are as they are.
 */
function freeText(text: string | undefined): string {
  if (text === undefined) return '';
  return /^\s*[=+\-@]/.test(text) ? `'${text}` : text;
}

/** A cell that holds what parts cells stands in double quotes, and a double quote in it twice. */
function quoted(cell: string | number): string {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
