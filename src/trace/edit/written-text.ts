import type { Span } from '../python-text';
import type { Trace } from '../trace';
import type { Change } from './change';
import { followTurns } from './turn-origins';

/** A stretch of a text: of the text before the changes from `from` on, or written by them (null). */
interface Piece {
  readonly text: string;
  readonly from: number | null;
}

/** What a text consists of, and what it was before the changes. */
interface Pieces {
  readonly original: string;
  readonly pieces: readonly Piece[];
}

/**
 * For each turn after the changes, which stretches of its text they wrote; text that was taken out and put back as it was
 * is not written. Null for a turn that came new.
 */
export function writtenText(before: Trace, changes: readonly Change[]): (readonly Span[] | null)[] {
  const turns = before.turns.map(
    ({ text }): Pieces => ({ original: text, pieces: text === '' ? [] : [{ text, from: 0 }] }),
  );
  return followTurns(turns, changes, changed).map((turn) => turn && writtenSpans(turn.pieces));
}

function writtenSpans(pieces: readonly Piece[]): Span[] {
  let start = 0;
  return pieces.flatMap(({ text, from }) => {
    const span = { start, end: start + text.length };
    start = span.end;
    return from === null ? [span] : [];
  });
}

function changed(
  { original, pieces }: Pieces,
  { start, removed, inserted }: Change & { type: 'text' },
): Pieces {
  const before = cut(pieces, 0, start);
  const after = cut(pieces, start + removed.length, Number.POSITIVE_INFINITY);
  const written: Piece[] = inserted === '' ? [] : [{ text: inserted, from: null }];
  return { original, pieces: joined(original, [...before, ...written, ...after]) };
}

/** The pieces between two places of the text that they make up. */
function cut(pieces: readonly Piece[], start: number, end: number): Piece[] {
  let at = 0;
  return pieces.flatMap(({ text, from }) => {
    const [first, last] = [Math.max(start - at, 0), Math.min(end - at, text.length)];
    at += text.length;
    if (first >= last) return [];
    return [{ text: text.slice(first, last), from: from === null ? null : from + first }];
  });
}

/** What was written between two stretches of the original, and is what stood between them there, is of the original. */
function joined(original: string, pieces: readonly Piece[]): Piece[] {
  const all: Piece[] = [];
  let [end, written] = [0, ''];
  const close = (next: number) => {
    const isBack = end <= next && original.slice(end, next) === written;
    if (written !== '') all.push({ text: written, from: isBack ? end : null });
    written = '';
  };
  for (const piece of pieces) {
    if (piece.from === null) {
      written += piece.text;
      continue;
    }
    close(piece.from);
    all.push(piece);
    end = piece.from + piece.text.length;
  }
  close(original.length);
  return all;
}
