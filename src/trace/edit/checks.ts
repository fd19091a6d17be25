import { deriveTurns } from '../derive';
import { type Drawing, isLine, isUnpainted } from '../drawing';
import type { CheckFinding, CheckFindingCode } from '../finding';
import { hasAnswerTags } from '../format-rule';
import type { Size } from '../geometry';
import type { LineageImage } from '../lineage';
import { isNearCentre, type MazeFrame } from '../maze-grid';
import type { Span } from '../python-text';
import type { Trace } from '../trace';
import { numbersOf } from './shape-pairs';

/** What a check needs to know beyond the trace. */
export interface CheckOptions {
  /** Cells a side, where the input images are mazes of square grids that fill them; left out, what the source of the trace says. */
  readonly grid?: number;
  /** Where the cells lie in such images: all over them unless given. */
  readonly frame?: MazeFrame;
  /** Most images, inputs included; where it is left out, that of the run, else 45. */
  readonly maxImages?: number;
}

/** What is looked at of a trace. */
export type CheckedTrace = Pick<Trace, 'images' | 'run' | 'source'> & {
  readonly turns: readonly { readonly text: string }[];
};

const MOST_IMAGES = 45;

/**
 * What can be said of a trace as a whole, in the order of its turns, beyond the findings of `parseTurn` and `traceLineage`.
 * Linear in the length of the texts. `docs/trace-format.md` explains each finding.
 */
export function checkTrace(trace: CheckedTrace, options: CheckOptions = {}): CheckFinding[] {
  const { parsed, images } = deriveTurns(trace.images.length, trace.turns);
  const shapes = parsed.flatMap(({ located }, turn) =>
    located.map(({ drawing, span }) => shapeOf(trace, images, drawing, turn, span)),
  );
  const grid = options.grid ?? gridOf(trace);
  const limit = options.maxImages ?? trace.run?.limits.maxImages ?? MOST_IMAGES;
  const findings = [
    ...checkAnswers(trace, parsed.at(-1)?.answer ?? null),
    ...checkCount(images, limit, trace.turns.length),
    ...checkDuplicates(shapes),
    ...shapes.flatMap(checkInside),
    ...shapes.flatMap((shape) => checkCentres(shape, options.frame ?? 'image', grid)),
    ...checkReuse(shapes),
  ];
  return findings.sort((a, b) => a.turn - b.turn || (a.span?.start ?? 0) - (b.span?.start ?? 0));
}

/** Cells a side of the maze that a trace is about, where its source says it: by itself, or in the row that it was read from. */
function gridOf({ source }: Pick<Trace, 'source'>): number | undefined {
  const row = source?.row;
  const said = [
    source?.gridSize,
    typeof row === 'object' && row !== null && 'grid_size' in row && row.grid_size,
  ];
  return said.find((grid): grid is number => typeof grid === 'number' && Number.isInteger(grid));
}

/** A drawing with what is to be known of it; root and size are null if the image is not there, or its size not known. */
interface Shape {
  readonly drawing: Drawing;
  readonly turn: number;
  readonly span: Span;
  readonly root: number | null;
  readonly size: Size | null;
}

function shapeOf(
  { images: inputs }: CheckedTrace,
  images: readonly LineageImage[],
  drawing: Drawing,
  turn: number,
  span: Span,
): Shape {
  const image = images[drawing.index - 1];
  const root = image !== undefined && (image.turn ?? -1) < turn ? image.root : null;
  return { drawing, turn, span, root, size: root === null ? null : (inputs[root - 1]?.model ?? null) };
}

function checkAnswers({ turns }: CheckedTrace, answer: string | null): CheckFinding[] {
  const last = turns.length - 1;
  const early = turns.slice(0, -1).flatMap(({ text }, turn): CheckFinding[] => {
    if (!hasAnswerTags(text)) return [];
    const start = Math.min(text.indexOf('<answer>'), text.indexOf('</answer>'));
    const message = 'This turn answers, which ends a trace, but others follow it.';
    return [{ code: 'answer-not-last', severity: 'error', message, turn, span: { start, end: text.length } }];
  });
  if (last < 0 || answer !== null) return early;
  const message = 'The last turn has no answer between <answer> and </answer>.';
  const span = { start: 0, end: turns[last]?.text.length ?? 0 };
  return [...early, { code: 'no-answer', severity: 'warning', message, turn: last, span }];
}

function checkCount(images: readonly LineageImage[], limit: number, turns: number): CheckFinding[] {
  if (images.length <= limit) return [];
  // Input images alone may be too many, also of a trace in which nothing was said yet.
  const turn = Math.min(images[limit]?.turn ?? 0, Math.max(turns - 1, 0));
  const message = `There are ${images.length} images; the limit is ${limit}.`;
  return [{ code: 'too-many-images', severity: 'warning', message, turn }];
}

function checkDuplicates(shapes: readonly Shape[]): CheckFinding[] {
  const seen = new Map<string, number>();
  return shapes.flatMap((shape) => {
    const { drawing, turn } = shape;
    const key = JSON.stringify([isLine(drawing), drawing.index, numbersOf(drawing), drawing.label]);
    const earlier = seen.get(key);
    if (earlier === undefined) {
      seen.set(key, turn);
      return [];
    }
    const where = earlier === turn ? 'earlier in this turn' : `in turn ${earlier + 1}`;
    return [finding('duplicate-shape', 'warning', shape, `The same is drawn ${where}.`)];
  });
}

function checkInside(shape: Shape): CheckFinding[] {
  const { drawing, size } = shape;
  if (size === null || isUnpainted(drawing)) return [];
  const { width, height } = size;
  const inside = pointsOf(drawing).every(([x, y]) => x >= 0 && x <= width && y >= 0 && y <= height);
  if (inside) return [];
  const message = `This reaches beyond the image, which is ${width} by ${height} pixels.`;
  return [finding('out-of-image', 'warning', shape, message)];
}

function checkCentres(shape: Shape, frame: MazeFrame, grid = 0): CheckFinding[] {
  const { drawing, size } = shape;
  if (size === null || !isLine(drawing) || grid < 1) return [];
  const far = pointsOf(drawing).filter((point) => !isNearCentre(point, size, grid, frame));
  if (far.length === 0) return [];
  const message = `${far.map((point) => `[${point.join(', ')}]`).join(' and ')}: not near the centre of a cell.`;
  return [finding('off-centre', 'warning', shape, message)];
}

/** Of each label, boxes and lines apart: what it was last on each input image, in turns before. */
function checkReuse(shapes: readonly Shape[]): CheckFinding[] {
  const uses = new Map<string, Map<number, Shape>>();
  let waiting: Shape[] = [];
  const findings: CheckFinding[] = [];
  const learn = () => {
    for (const shape of waiting) {
      if (shape.root === null) continue;
      const name = nameOf(shape);
      uses.set(name, (uses.get(name) ?? new Map<number, Shape>()).set(shape.root, shape));
    }
    waiting = [];
  };
  for (const shape of shapes) {
    if (waiting[0] !== undefined && waiting[0].turn !== shape.turn) learn();
    waiting.push(shape);
    const earlier = uses.get(nameOf(shape));
    if (shape.root === null || earlier === undefined) continue;
    findings.push(...reuse(shape, shape.root, earlier));
  }
  return findings;
}

function reuse(shape: Shape, root: number, earlier: ReadonlyMap<number, Shape>): CheckFinding[] {
  const label = JSON.stringify(shape.drawing.label);
  const same = earlier.get(root);
  if (same === undefined) {
    const inputs = [...earlier.keys()].join(', ');
    const message = `${label} was drawn before on what comes of image ${inputs}, not of image ${root}: it is tracked.`;
    return [finding('tracking', 'information', shape, message)];
  }
  if (numbersOf(same.drawing).join() === numbersOf(shape.drawing).join()) return [];
  const message = `${label} has other coordinates than in turn ${same.turn + 1}: it is revised.`;
  return [finding('revision', 'information', shape, message)];
}

const nameOf = ({ drawing }: Shape): string => JSON.stringify([isLine(drawing), drawing.label]);

function pointsOf(drawing: Drawing): [x: number, y: number][] {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = numbersOf(drawing);
  return [
    [x1, y1],
    [x2, y2],
  ];
}

const finding = (
  code: CheckFindingCode,
  severity: CheckFinding['severity'],
  { turn, span }: Shape,
  message: string,
): CheckFinding => ({ code, severity, message, turn, span });
