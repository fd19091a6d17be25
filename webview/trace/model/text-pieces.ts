import { diffLines, diffWordsWithSpace } from 'diff';

/** A part of a text: one that both have, or one that only the one before or the one after has. */
export interface TextPiece {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Texts that differ in more words than this are shown as wholly other ones: nobody would see through the pieces. */
const MOST_EDITS = 2_000;

/** What happened to the words of a text. All pieces but the added ones are the text before, all but the removed ones that after. */
export function wordPieces(before: string, after: string, mostEdits = MOST_EDITS): TextPiece[] {
  return joined(diffWordsWithSpace(before, after, { maxEditLength: mostEdits }), before, after);
}

/** The same, line by line. */
export function linePieces(before: string, after: string): TextPiece[] {
  return joined(diffLines(before, after, { maxEditLength: MOST_EDITS }), before, after);
}

interface Part {
  readonly added: boolean;
  readonly removed: boolean;
  readonly value: string;
}

function joined(parts: readonly Part[] | undefined, before: string, after: string): TextPiece[] {
  const pieces = parts?.map(({ added, removed, value }): TextPiece => {
    return { kind: added ? 'added' : removed ? 'removed' : 'same', text: value };
  }) ?? [
    { kind: 'removed', text: before },
    { kind: 'added', text: after },
  ];
  return pieces.filter(({ text }) => text !== '');
}

/** Pieces of which long ones that are the same are cut down to what is beside a change; null stands for what was left out. */
export function foldPieces(pieces: readonly TextPiece[], beside = 120): readonly (TextPiece | null)[] {
  return pieces.flatMap((piece, i): readonly (TextPiece | null)[] => {
    const { kind, text } = piece;
    if (kind !== 'same' || text.length <= 3 * beside) return [piece];
    const start = i === 0 ? '' : text.slice(0, beside);
    const end = i === pieces.length - 1 ? '' : text.slice(-beside);
    const same = (kept: string): TextPiece[] => (kept === '' ? [] : [{ kind, text: kept }]);
    return [...same(start), null, ...same(end)];
  });
}
