import type { Drawing } from '../drawing';
import type { TurnFindingCode } from '../finding';
import { type ParsedTurn, parseTurn } from '../parse-turn';
import { EditRefused } from './edit-refused';
import { applyEdits, type TextEdit } from './text-edit';

/**
 * The edits, if the text after them says what is wanted: these drawings in this order, and no error that it had not before
 * (but that a turn without drawings draws nothing). Text can be so odd that an edit at one place changes what another one
 * means; then it throws `EditRefused`.
 */
export function checkedEdits(
  turn: number,
  raw: string,
  before: ParsedTurn,
  edits: readonly TextEdit[],
  wanted: readonly Drawing[],
): readonly TextEdit[] {
  const after = parseTurn(applyEdits(raw, edits));
  if (JSON.stringify(after.drawings) !== JSON.stringify(plain(wanted))) throw tooOdd(turn);
  const errors = errorCounts(before);
  for (const [code, count] of errorCounts(after)) {
    if (code === 'empty-turn' && wanted.length === 0) continue;
    if (count > (errors.get(code) ?? 0)) throw tooOdd(turn);
  }
  return edits;
}

export const tooOdd = (turn: number): EditRefused =>
  new EditRefused(
    `The text of turn ${turn + 1} is too unusual to be changed this way; edit the text itself.`,
  );

function errorCounts({ findings }: ParsedTurn): ReadonlyMap<TurnFindingCode, number> {
  const counts = new Map<TurnFindingCode, number>();
  for (const { code, severity } of findings) {
    if (severity === 'error') counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return counts;
}

/** Keys in the order in which a drawing is read. */
const plain = (drawings: readonly Drawing[]): Drawing[] =>
  drawings.map((drawing) => {
    const { index, label } = drawing;
    if ('start_point_2d' in drawing) {
      const { start_point_2d, end_point_2d } = drawing;
      return { index, start_point_2d, end_point_2d, label };
    }
    if ('unpainted' in drawing) return { index, bbox_2d: drawing.bbox_2d, label, unpainted: true };
    return { index, bbox_2d: drawing.bbox_2d, label };
  });
