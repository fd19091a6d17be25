import { t } from '@vscode/l10n';
import { MOST_COMPARED } from '../../../src/view/compare';
import type { ListRow } from '../../../src/view/trace-list';
import { describeDrawing } from './drawing-words';
import type { Desk } from './review';
import { wordPieces } from './text-pieces';
import type { TraceDocument } from './trace-document';
import type { TurnView } from './turn-view';

/** The comparison of the trace that is shown with other answers to the same question. */
export interface ComparePane {
  readonly open: boolean;
  /** The numbers of all that are compared, the one that is shown among them, as they stand in the file. */
  readonly among: readonly number[];
}

export const NO_COMPARISON: ComparePane = { open: false, among: [] };

/** All answers to the question of the trace at place `shown`; null until the host has said which there are. */
export function candidatesOf(shown: number | null, desk: Desk | null): readonly ListRow[] | null {
  const candidates = desk?.candidates ?? [];
  return candidates.some(({ index }) => index === shown) ? candidates : null;
}

/** What is known of the trace at place `index` beside itself; null where the host has not said it yet. */
export const deskFor = (desk: Desk | null, index: number): Desk | null =>
  desk?.index === index ? desk : null;

/**
 * What is compared once `shown` is the trace that is shown: the same as before if it is one of them. Else it and those that
 * follow it, round to the first again, so that there are as many as before, but at least two.
 */
export function comparedWith(
  shown: number,
  candidates: readonly ListRow[],
  before: readonly number[],
): readonly number[] {
  const all = candidates.map(({ index }) => index);
  const kept = before.filter((index) => all.includes(index));
  if (kept.length > 1 && kept.includes(shown)) return kept.length === before.length ? before : kept;
  const place = all.indexOf(shown);
  const round = [...all.slice(place), ...all.slice(0, place)];
  return inOrder(round.slice(0, Math.max(2, before.length)));
}

/** Takes another trace into the comparison, or leaves it out; the one that is shown stays, and there are never too many. */
export function toggleCompared(among: readonly number[], index: number, shown: number): readonly number[] {
  if (index === shown) return among;
  if (among.includes(index)) return among.filter((one) => one !== index);
  const more = among.includes(shown) ? among : [shown];
  return more.length < MOST_COMPARED ? inOrder([...more, index]) : more;
}

const inOrder = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

/** In what turns differ. */
export type Difference = 'missing' | 'action' | 'think' | 'drawings' | 'answer';

/** The turns at one place, one for each trace; null where a trace has no such turn. */
export interface ComparedRow {
  /** From 0. */
  readonly turn: number;
  readonly cells: readonly (TurnView | null)[];
  /** In what any of them differs from any other. */
  readonly differs: readonly Difference[];
}

/** Turn beside turn: as many rows as the longest of the traces has turns. */
export function alignTurns(documents: readonly TraceDocument[]): ComparedRow[] {
  const count = documents.reduce((most, { turns }) => Math.max(most, turns.length), 0);
  return Array.from({ length: count }, (_, turn) => {
    const cells = documents.map(({ turns }) => turns[turn] ?? null);
    return { turn, cells, differs: differencesOf(cells) };
  });
}

function differencesOf(cells: readonly (TurnView | null)[]): Difference[] {
  const there = cells.flatMap((cell) => cell ?? []);
  const differ = (read: (turn: TurnView) => string | null) => new Set(there.map(read)).size > 1;
  const found: readonly (readonly [Difference, boolean])[] = [
    ['missing', there.length < cells.length],
    ['action', differ(({ parsed }) => parsed.action)],
    ['think', differ(saidIn)],
    ['drawings', differ(({ parsed }) => JSON.stringify(parsed.drawings.map(describeDrawing)))],
    ['answer', differ(({ parsed }) => parsed.answer)],
  ];
  return found.flatMap(([difference, is]) => (is ? [difference] : []));
}

/** What a turn thinks; all of its text where it does not say what of it is thought. */
export const saidIn = ({ parsed, text }: TurnView): string => parsed.think ?? text;

export function differenceWord(difference: Difference): string {
  switch (difference) {
    case 'missing':
      return t('missing turn');
    case 'action':
      return t('action');
    case 'think':
      return t('words');
    case 'drawings':
      return t('drawings');
    case 'answer':
      return t('answer');
  }
}

/** A stretch of a text, and whether it is this text's own: another that it is compared with lacks it. */
export interface OwnPiece {
  readonly text: string;
  readonly own: boolean;
}

/** Many texts are compared at once: those that differ in more words are told apart as a whole. */
const MOST_EDITS = 400;

/** The text in pieces, by what any of the others lacks. */
export function ownPieces(text: string, others: readonly string[]): OwnPiece[] {
  const own = new Uint8Array(text.length);
  for (const other of others) {
    let at = 0;
    for (const piece of wordPieces(text, other, MOST_EDITS)) {
      if (piece.kind === 'added') continue;
      if (piece.kind === 'removed') own.fill(1, at, at + piece.text.length);
      at += piece.text.length;
    }
  }
  const pieces: OwnPiece[] = [];
  for (let start = 0; start < text.length; ) {
    let end = start + 1;
    while (end < text.length && own[end] === own[start]) end++;
    pieces.push({ text: text.slice(start, end), own: own[start] === 1 });
    start = end;
  }
  return pieces;
}

/** The drawings of a turn in words, each with whether any of the other turns lacks it. */
export function ownDrawings(turn: TurnView, others: readonly TurnView[]): OwnPiece[] {
  const known = others.map(({ parsed }) => new Set(parsed.drawings.map(describeDrawing)));
  return turn.parsed.drawings.map((drawing) => {
    const text = describeDrawing(drawing);
    return { text, own: known.some((other) => !other.has(text)) };
  });
}
