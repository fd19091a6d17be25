import type { ReflectionOptions } from '../../score/reflection';
import { type ScoredAlone, scoreAlone } from '../../score/scores-among';
import { readDialogue } from '../dialogue-rows';
import { type LinePiece, linesIn } from '../lines-of';

/** What a line of a file of dialogues comes to, or why it is not scored, for people. */
export type PieceRow = { readonly line: number } & (ScoredAlone | { readonly error: string });

/** Scores the dialogues of some lines, each by itself. Empty lines are passed over. */
export function scorePiece({ line, bytes }: LinePiece, options: ReflectionOptions): PieceRow[] {
  const rows: PieceRow[] = [];
  let number = line;
  for (const text of linesIn(bytes)) {
    const row = readDialogue(text);
    if (row !== null) {
      const said = 'error' in row ? row : scoreAlone(row.scored, options);
      rows.push({ line: number, ...said });
    }
    number++;
  }
  return rows;
}
