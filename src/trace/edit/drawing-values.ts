import { isLine } from '../drawing';
import { parseLiteral } from '../literal/parse-literal';
import { formatString, type Quote } from '../python-string';
import type { Span } from '../python-text';
import type { LocatedDrawing } from '../read-drawings';
import { EditRefused } from './edit-refused';
import type { TextEdit } from './text-edit';

/** `[x1, y1, x2, y2]` in model space: two corners of a box, or the start and the end of a line. */
export type Quad = readonly [x1: number, y1: number, x2: number, y2: number];

/** What of a drawing is to be another; what is left out stays. */
export interface DrawingValues {
  readonly coordinates?: Quad;
  readonly label?: string;
  /** Number of the image it is drawn on. */
  readonly index?: number;
}

/** The edits that give a drawing other values where its author wrote the old ones. Throws `EditRefused`. */
export function valueEdits(raw: string, located: LocatedDrawing, values: DrawingValues): TextEdit[] {
  const { coordinates, label, index } = values;
  const edits: TextEdit[] = [];
  if (coordinates !== undefined) edits.push(...coordinateEdits(raw, located, coordinates));
  if (label !== undefined && label !== located.drawing.label) {
    const place = placeOf(located, 'label');
    edits.push({ ...place, inserted: formatString(label, quoteIn(raw.slice(place.start, place.end))) });
  }
  if (index !== undefined && index !== located.drawing.index) {
    edits.push({ ...placeOf(located, 'index'), inserted: formatIndex(index) });
  }
  return edits;
}

/** The quotes that a piece of text uses first. */
export function quoteIn(text: string): Quote {
  const single = text.indexOf("'");
  const double = text.indexOf('"');
  return single >= 0 && (double < 0 || single < double) ? "'" : '"';
}

function coordinateEdits(raw: string, located: LocatedDrawing, [x1, y1, x2, y2]: Quad): TextEdit[] {
  if (!isLine(located.drawing)) return numberEdits(raw, placeOf(located, 'bbox_2d'), [x1, y1, x2, y2]);
  return [
    ...numberEdits(raw, placeOf(located, 'start_point_2d'), [x1, y1]),
    ...numberEdits(raw, placeOf(located, 'end_point_2d'), [x2, y2]),
  ];
}

/** Numbers that stay keep their form; a list of another length is written anew within its brackets. */
function numberEdits(raw: string, place: Span, numbers: readonly number[]): TextEdit[] {
  const result = parseLiteral(raw, place);
  if (!result.ok || (result.literal.kind !== 'list' && result.literal.kind !== 'tuple')) return [];
  const { items } = result.literal;
  if (items.length !== numbers.length) {
    const inside = { start: place.start + 1, end: place.end - 1 };
    return [{ ...inside, inserted: numbers.map(formatNumber).join(', ') }];
  }
  return items.flatMap((item, i): TextEdit[] => {
    const number = numbers[i];
    if (item.kind !== 'number' || number === undefined || item.value === number) return [];
    return [{ start: item.start, end: item.end, inserted: formatNumber(number) }];
  });
}

function placeOf({ values }: LocatedDrawing, key: string): Span {
  const place = values.get(key);
  if (place === undefined) throw new EditRefused(`The drawing has no "${key}".`);
  return place;
}

/** A number as Python and JSON write it, without decimals that it does not need. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) throw new EditRefused(`A coordinate is a finite number, not ${value}.`);
  return String(value);
}

export function formatIndex(index: number): string {
  if (!Number.isSafeInteger(index)) {
    throw new EditRefused(`The number of an image is a whole number, not ${index}.`);
  }
  return String(index);
}
