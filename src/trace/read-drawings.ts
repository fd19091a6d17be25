import type { Drawing } from './drawing';
import type { TurnFinding, TurnFindingCode } from './finding';
import { describeLiteral, type Literal } from './literal/literal';
import type { Span } from './python-text';

/** A drawing and where the model wrote it: its object, and in that the value of each key. */
export interface LocatedDrawing {
  readonly drawing: Drawing;
  readonly span: Span;
  readonly values: ReadonlyMap<string, Span>;
}

/** What the literal of one block says. */
export interface BlockDrawings {
  readonly located: readonly LocatedDrawing[];
  readonly findings: readonly TurnFinding[];
}

/** Reads the drawings of a block. What is no drawing is left out with a finding; nothing is completed or corrected. */
export function readDrawings(block: Literal): BlockDrawings {
  const findings: TurnFinding[] = [];
  const report: Report = (code, at, message) => {
    findings.push({ code, severity: code === 'box-size' ? 'warning' : 'error', message, span: spanOf(at) });
    return null;
  };
  if (block.kind !== 'list' && block.kind !== 'tuple' && block.kind !== 'set') {
    report(
      'not-a-list',
      block,
      `A list of drawings belongs here; the block holds ${describeLiteral(block)}.`,
    );
    return { located: [], findings };
  }
  const located: LocatedDrawing[] = [];
  for (const item of block.items) {
    const one = readItem(item, report);
    if (one !== null) located.push(one);
  }
  return { located, findings };
}

/** Notes what is wrong; the reader that calls it goes on with null. */
type Report = (code: TurnFindingCode, at: Span, message: string) => null;

function readItem(item: Literal, report: Report): LocatedDrawing | null {
  if (item.kind !== 'dict') {
    return report('not-an-item', item, `An object with keys belongs here, not ${describeLiteral(item)}.`);
  }
  const values = new Map<string, Literal>();
  for (const { key, value } of item.entries) if (key.kind === 'string') values.set(key.value, value);
  const drawing = readDrawing(item, values, report);
  if (drawing === null) return null;
  const spans = new Map<string, Span>();
  for (const [key, value] of values) spans.set(key, spanOf(value));
  return { drawing, span: spanOf(item), values: spans };
}

/** A box goes before a line where an object has the keys of both, as upstream decides. */
function readDrawing(item: Span, values: ReadonlyMap<string, Literal>, report: Report): Drawing | null {
  const box = values.get('bbox_2d');
  const start = values.get('start_point_2d');
  const end = values.get('end_point_2d');
  const name = values.get('label');
  if (name !== undefined && box !== undefined) {
    const index = readIndex(values.get('index'), item, report);
    const label = readLabel(name, report);
    const numbers = readNumbers('bbox_2d', box, report);
    if (index === null || label === null || numbers === null) return null;
    const [x1, y1, x2, y2] = numbers;
    if (
      x1 !== undefined &&
      y1 !== undefined &&
      x2 !== undefined &&
      y2 !== undefined &&
      numbers.length === 4
    ) {
      return { index, bbox_2d: [x1, y1, x2, y2], label };
    }
    report(
      'box-size',
      box,
      `A box has four numbers, not ${numbers.length}; it keeps its place but is not painted.`,
    );
    return { index, bbox_2d: numbers, label, unpainted: true };
  }
  if (name !== undefined && start !== undefined && end !== undefined) {
    const index = readIndex(values.get('index'), item, report);
    const label = readLabel(name, report);
    const from = readPoint('start_point_2d', start, report);
    const to = readPoint('end_point_2d', end, report);
    if (index === null || label === null || from === null || to === null) return null;
    return { index, start_point_2d: from, end_point_2d: to, label };
  }
  const keys = '"label" with "bbox_2d", or "label" with "start_point_2d" and "end_point_2d"';
  return report('missing-key', item, `A drawing has the keys ${keys}; this object is not drawn.`);
}

function readIndex(value: Literal | undefined, item: Span, report: Report): number | null {
  if (value === undefined) {
    return report(
      'missing-index',
      item,
      'The drawing does not say on which image it belongs: "index" is missing.',
    );
  }
  if (value.kind === 'number' && value.form === 'int' && Number.isFinite(value.value)) return value.value + 0;
  return report('bad-index', value, `"index" is the number of an image, not ${describeLiteral(value)}.`);
}

function readLabel(value: Literal, report: Report): string | null {
  if (value.kind === 'string') return value.value;
  return report('bad-label', value, `"label" is a string, not ${describeLiteral(value)}.`);
}

function readPoint(key: string, value: Literal, report: Report): [x: number, y: number] | null {
  const numbers = readNumbers(key, value, report);
  if (numbers === null) return null;
  const [x, y] = numbers;
  if (x !== undefined && y !== undefined && numbers.length === 2) return [x, y];
  return report('bad-coordinates', value, `"${key}" has two numbers, not ${numbers.length}.`);
}

function readNumbers(key: string, value: Literal, report: Report): number[] | null {
  if (value.kind !== 'list' && value.kind !== 'tuple') {
    return report('bad-coordinates', value, `"${key}" is a list of numbers, not ${describeLiteral(value)}.`);
  }
  const numbers: number[] = [];
  for (const item of value.items) {
    if (item.kind !== 'number' || item.form === 'complex') {
      return report('bad-coordinates', item, `"${key}" holds numbers, not ${describeLiteral(item)}.`);
    }
    if (!Number.isFinite(item.value)) {
      return report('non-finite', item, `A number in "${key}" is too large to draw with.`);
    }
    // Minus zero would not survive JSON.
    numbers.push(item.value + 0);
  }
  return numbers;
}

const spanOf = ({ start, end }: Span): Span => ({ start, end });
