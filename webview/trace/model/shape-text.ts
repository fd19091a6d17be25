import { findBlocks } from '../../../src/trace/blocks';
import { type Drawing, isLine } from '../../../src/trace/drawing';
import { type Action, formatDrawing } from '../../../src/trace/format-turn';
import { parseLiteral } from '../../../src/trace/literal/parse-literal';
import { stripSpan } from '../../../src/trace/python-text';
import { readDrawings } from '../../../src/trace/read-drawings';
import { MOST_CLIPBOARD } from '../../../src/view/trace-view';

/** Shapes as they go to the clipboard: a JSON list of drawings as models write them. */
export function writeShapes(drawings: readonly Drawing[]): string {
  return `[${drawings.map((drawing) => formatDrawing(drawing)).join(',\n')}]`;
}

/**
 * The shapes that a text from a clipboard holds: a list of drawings, or one by itself, also in the fences of a turn. What is
 * no drawing is left out, and no shapes are in any other text.
 */
export function readShapes(text: string): readonly Drawing[] {
  if (text.length > MOST_CLIPBOARD) return [];
  const span = findBlocks(text)[0]?.span ?? { start: 0, end: text.length };
  const result = parseLiteral(text, stripSpan(text, span));
  if (!result.ok) return [];
  const { literal } = result;
  const list =
    literal.kind === 'dict'
      ? { ...span, kind: 'list' as const, items: [literal], slots: [literal] }
      : literal;
  return readDrawings(list).located.map(({ drawing }) => drawing);
}

/** Whether a turn of an action draws such a shape: boxes go by one, lines by the other; a turn without draws both. */
export function drawnBy(action: Action | null, drawing: Drawing): boolean {
  if (action === 'Object Mapper') return !isLine(drawing);
  return action === 'Path Tracer' ? isLine(drawing) : true;
}

/** The drawings on image `index`, under labels that none of `taken` is: those that are go by `NAME copy`. */
export function asCopies(
  drawings: readonly Drawing[],
  index: number,
  taken: Iterable<string>,
  copyName: (label: string, number: number) => string,
): readonly Drawing[] {
  const names = new Set(taken);
  return drawings.map((drawing) => {
    let label = drawing.label;
    for (let number = 1; names.has(label); number++) label = copyName(drawing.label, number);
    names.add(label);
    return { ...drawing, index, label };
  });
}
