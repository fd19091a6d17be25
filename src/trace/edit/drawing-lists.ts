import { findBlocks } from '../blocks';
import { parseLiteral } from '../literal/parse-literal';
import type { ParsedTurn } from '../parse-turn';
import type { Span } from '../python-text';

/** One thing in a list that a block holds: `drawing` is its place among the turn's drawings, null if it is none. */
export interface ListSlot extends Span {
  readonly drawing: number | null;
}

/** A block of a turn that holds a list or a tuple, in which drawings can stand. All places are in the turn's text. */
export interface DrawingList extends Span {
  readonly kind: 'list' | 'tuple';
  /** A tuple without parentheses around it. */
  readonly bare: boolean;
  /** Each with the parentheses around it. */
  readonly slots: readonly ListSlot[];
  /** The whole block with its fences. */
  readonly block: Span;
}

/** The lists that hold, or could hold, the drawings of a turn, in the order of the text. */
export function drawingLists(raw: string, parsed: ParsedTurn): DrawingList[] {
  const places = new Map(parsed.located.map(({ span }, i) => [span.start, i]));
  return findBlocks(raw).flatMap(({ span, outer }): DrawingList[] => {
    const result = parseLiteral(raw, span);
    if (!result.ok || (result.literal.kind !== 'list' && result.literal.kind !== 'tuple')) return [];
    const { kind, items, slots, start, end } = result.literal;
    return [
      {
        kind,
        bare: start === slots[0]?.start,
        start,
        end,
        slots: slots.map((slot, i) => ({ ...slot, drawing: places.get(items[i]?.start ?? -1) ?? null })),
        block: outer,
      },
    ];
  });
}
