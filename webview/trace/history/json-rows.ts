import { withDerived } from '../../../src/trace/derive';
import type { Trace } from '../../../src/trace/trace';
import { linePieces, type TextPiece, wordPieces } from '../model/text-pieces';

/** A line of the JSON of two traces: one that both have, or one of one of them. */
export interface JsonLine {
  readonly kind: TextPiece['kind'];
  /** Which line it is before and after, from 1; null where it is not. */
  readonly before: number | null;
  readonly after: number | null;
  /** Its words; those that only this line has stand out. */
  readonly pieces: readonly TextPiece[];
}

/** Neighbouring lines: such as are to be seen, or such as are the same and folded. */
export interface JsonRun {
  readonly folded: boolean;
  readonly lines: readonly JsonLine[];
}

/** So many lines beside a change are not folded. */
const BESIDE = 3;

/** A trace as JSON for people, with lists of numbers on one line. */
export function prettyJson(value: unknown): string {
  // A line feed within a text is written as \n, so that this finds none of those.
  return JSON.stringify(value, null, 2).replace(/\[\n\s*([-+.\deE,\s]+?)\n\s*\]/g, (_, numbers: string) => {
    return `[${numbers.replace(/\s*\n\s*/g, ' ')}]`;
  });
}

/** The JSON of a trace before and after, line by line; empty where it is the same. */
export function jsonRuns(before: Trace, after: Trace): JsonRun[] {
  const lines = jsonLines(prettyJson(withDerived(before)), prettyJson(withDerived(after)));
  if (lines.every(({ kind }) => kind === 'same')) return [];
  const seen = new Set<number>();
  lines.forEach(({ kind }, i) => {
    if (kind === 'same') return;
    for (let near = i - BESIDE; near <= i + BESIDE; near++) seen.add(near);
  });
  const runs: { folded: boolean; lines: JsonLine[] }[] = [];
  lines.forEach((line, i) => {
    const folded = !seen.has(i);
    const last = runs.at(-1);
    if (last?.folded === folded) last.lines.push(line);
    else runs.push({ folded, lines: [line] });
  });
  // A fold of one line saves nothing.
  return runs.map((run) => (run.lines.length === 1 ? { ...run, folded: false } : run));
}

/** Lines that took the place of others, one for one, are told apart word by word. */
export function jsonLines(before: string, after: string): JsonLine[] {
  const lines: JsonLine[] = [];
  let [was, is] = [1, 1];
  const pieces = linePieces(`${before}\n`, `${after}\n`);
  pieces.forEach(({ kind, text }, i) => {
    const texts = linesOf(text);
    const other = pieces[kind === 'removed' ? i + 1 : i - 1];
    const isPaired = kind !== 'same' && other !== undefined && other.kind !== 'same' && other.kind !== kind;
    const others = isPaired ? linesOf(other.text) : [];
    texts.forEach((line, n) => {
      const beside = others.length === texts.length ? (others[n] ?? '') : null;
      lines.push({
        kind,
        before: kind === 'added' ? null : was++,
        after: kind === 'removed' ? null : is++,
        pieces: beside === null ? [{ kind: 'same', text: line }] : ownPieces(kind, line, beside),
      });
    });
  });
  return lines;
}

function ownPieces(kind: TextPiece['kind'], line: string, other: string): TextPiece[] {
  const pieces = kind === 'removed' ? wordPieces(line, other) : wordPieces(other, line);
  return pieces.filter((piece) => piece.kind === 'same' || piece.kind === kind);
}

const linesOf = (text: string): string[] => text.replace(/\n$/, '').split('\n');
