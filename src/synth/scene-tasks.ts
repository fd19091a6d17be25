import type { Box, Drawing, Line } from '../trace/drawing';
import { CELL, type Cell, centreOf } from './grid';
import type { Rng } from './rng';
import {
  COLOURS,
  distinctShapes,
  inReadingOrder,
  KINDS,
  nameOf,
  pickCells,
  RADII,
  SCENE_CELLS,
  type Scene,
  type Shape,
} from './scene';
import { barEnds } from './scene-picture';

/** What a scene question asks, what is drawn to answer it, and what is then said. All drawings are on image 1. */
export interface SceneTask {
  readonly scene: Scene;
  readonly question: string;
  readonly options: readonly string[];
  readonly type: 'multiple-choice' | 'numerical';
  readonly gold: string;
  readonly plan: string;
  readonly drawings: readonly [Drawing, ...Drawing[]];
  readonly conclusion: string;
}

export const SCENE_TASKS = ['count', 'relation', 'nearest', 'larger', 'distance'] as const;
export type SceneTaskName = (typeof SCENE_TASKS)[number];

export const MAKE_SCENE_TASK: Record<SceneTaskName, (rng: Rng) => SceneTask> = {
  count,
  relation,
  nearest,
  larger,
  distance,
};

/** The gap in pixels between a shape and the box round it, so that the box's 4 px edge hides nothing. */
const MARGIN = 4;

function boxOf(shape: Shape, label: string): Box {
  const [x, y] = centreOf(shape.cell);
  const reach = shape.radius + MARGIN;
  return { index: 1, bbox_2d: [x - reach, y - reach, x + reach, y + reach], label };
}

/** What is seen of a shape before it is drawn on: its name, centre and width. */
export function sight(shape: Shape, name = nameOf(shape)): string {
  return `${name} (${centreOf(shape.cell).join(', ')}) ${2 * shape.radius} px`;
}

/** What is seen of shapes that are counted, row by row of the scene: `Row 14: circle (14, 14) 20 px. Row 42: none.` */
export function sightByRow(shapes: readonly Shape[], noun: string): string {
  const rows = Array.from({ length: SCENE_CELLS }, (_, row) => {
    const there = shapes.filter(({ cell }) => cell.row === row).map((shape) => sight(shape, noun));
    return `Row ${centreOf({ column: 0, row })[1]}: ${there.length === 0 ? 'none' : there.join(', ')}.`;
  });
  return rows.join(' ');
}

/** How far apart two centres are, each way. */
function measure(from: Cell, to: Cell): { words: string; across: number; down: number } {
  const [[x1, y1], [x2, y2]] = [centreOf(from), centreOf(to)];
  const [across, down] = [Math.abs(x2 - x1), Math.abs(y2 - y1)];
  return { words: `${x1} to ${x2} is ${across}, ${y1} to ${y2} is ${down}`, across, down };
}

function lineBetween(from: Cell, to: Cell, label: string): Line {
  return { index: 1, start_point_2d: centreOf(from), end_point_2d: centreOf(to), label };
}

/** How many circles, red shapes, or red circles? One to five; the others are anything else. */
function count(rng: Rng): SceneTask {
  const [colour, kind] = [rng.pick(COLOURS), rng.pick(KINDS)];
  const by = rng.pick(['kind', 'colour', 'both'] as const);
  const fits = (shape: Shape): boolean =>
    (by === 'colour' || shape.kind === kind) && (by === 'kind' || shape.colour === colour);
  const wanted = rng.int(1, 5);
  const cells = pickCells(rng, wanted + rng.int(1, 5), SCENE_CELLS);
  const shapes = cells.map((cell, i): Shape => {
    for (;;) {
      const shape: Shape = {
        colour: i < wanted && by !== 'kind' ? colour : rng.pick(COLOURS),
        kind: i < wanted && by !== 'colour' ? kind : rng.pick(KINDS),
        radius: rng.pick(RADII),
        cell,
      };
      if (fits(shape) === i < wanted) return shape;
    }
  });
  const noun = by === 'kind' ? kind : by === 'colour' ? `${colour} shape` : `${colour} ${kind}`;
  const counted = inReadingOrder(shapes.filter(fits));
  const [first, ...others] = counted.map((shape, i) => boxOf(shape, `${noun} ${i + 1}`));
  if (first === undefined) throw new RangeError('nothing to count');
  return {
    scene: { shapes: inReadingOrder(shapes), bar: null },
    question: `How many ${noun}s are there?`,
    options: [],
    type: 'numerical',
    gold: String(wanted),
    plan: `I mark each ${noun}. ${sightByRow(counted, noun)}`,
    drawings: [first, ...others],
    conclusion: `There are ${wanted} boxes.`,
  };
}

/** Is one shape left or right of, or above or below, another? */
function relation(rng: Rng): SceneTask {
  const across = rng.chance(0.5);
  const place = (cell: Cell): number => (across ? cell.column : cell.row);
  for (;;) {
    const shapes = distinctShapes(rng, pickCells(rng, rng.int(2, 6), SCENE_CELLS));
    const [a, b] = shapes;
    if (a === undefined || b === undefined || place(a.cell) === place(b.cell)) continue;
    const words = across ? (['left', 'right'] as const) : (['above', 'below'] as const);
    const asked = across ? 'to the left or to the right of' : 'above or below';
    const first = place(a.cell) < place(b.cell);
    const [pa, pb] = [a, b].map((shape) => centreOf(shape.cell)[across ? 0 : 1]);
    return {
      scene: { shapes: inReadingOrder(shapes), bar: null },
      question: `Is the ${nameOf(a)} ${asked} the ${nameOf(b)}?`,
      options: [`A. ${words[0]}`, `B. ${words[1]}`],
      type: 'multiple-choice',
      gold: first ? 'A' : 'B',
      plan: `I mark the ${sight(a)} and the ${sight(b)}.`,
      drawings: [boxOf(a, nameOf(a)), boxOf(b, nameOf(b))],
      conclusion: `${across ? 'x' : 'y'} ${pa} against ${pb}: ${first ? words[0] : words[1]}.`,
    };
  }
}

/** Which of three shapes is nearest to another? The nearest is nearer than the next by a third at least. */
function nearest(rng: Rng): SceneTask {
  for (;;) {
    const shapes = distinctShapes(rng, pickCells(rng, rng.int(4, 6), SCENE_CELLS));
    const [from, ...candidates] = shapes.slice(0, 4);
    if (from === undefined) continue;
    const measures = candidates.map((shape) => measure(from.cell, shape.cell));
    const lengths = measures.map(({ across, down }) => Math.hypot(across, down));
    const [shortest = 0, next = 0] = [...lengths].sort((a, b) => a - b);
    if (next < shortest * 1.33) continue;
    const gold = 'ABC'[lengths.indexOf(shortest)] ?? 'A';
    const [a, ...rest] = candidates.map((shape, i) => lineBetween(from.cell, shape.cell, 'ABC'[i] ?? ''));
    if (a === undefined) continue;
    const letter = (i: number): string => 'ABC'[i] ?? '';
    const ends = candidates.map((shape, i) => `${letter(i)} ${sight(shape)}`).join(', ');
    const told = measures.map(({ words }, i) => {
      const length = lengths[i] ?? 0;
      const best = Math.min(...lengths.slice(0, i));
      const measured = `${letter(i)} ${words}: ${Math.round(length)}.`;
      if (i === 0) return measured;
      const nearer = letter(lengths.indexOf(Math.min(best, length)));
      return `${measured} ${Math.round(best)} against ${Math.round(length)}: ${length < best ? 'shorter' : 'longer'}, ${nearer}.`;
    });
    return {
      scene: { shapes: inReadingOrder(shapes), bar: null },
      question: `Which is nearest to the ${nameOf(from)}?`,
      options: candidates.map((shape, i) => `${'ABC'[i]}. ${nameOf(shape)}`),
      type: 'multiple-choice',
      gold,
      plan: `I draw a line from the ${sight(from)} to each: ${ends}.`,
      drawings: [a, ...rest],
      conclusion: told.join(' '),
    };
  }
}

/** Which of two shapes is larger? */
function larger(rng: Rng): SceneTask {
  for (;;) {
    const shapes = distinctShapes(rng, pickCells(rng, rng.int(2, 6), SCENE_CELLS));
    const [a, b] = shapes;
    if (a === undefined || b === undefined || a.radius === b.radius) continue;
    const gold = a.radius > b.radius ? 'A' : 'B';
    return {
      scene: { shapes: inReadingOrder(shapes), bar: null },
      question: `Which is larger, the ${nameOf(a)} or the ${nameOf(b)}?`,
      options: [`A. ${nameOf(a)}`, `B. ${nameOf(b)}`],
      type: 'multiple-choice',
      gold,
      plan: `I mark the ${sight(a)} and the ${sight(b)}.`,
      drawings: [boxOf(a, nameOf(a)), boxOf(b, nameOf(b))],
      conclusion: `${2 * a.radius} px against ${2 * b.radius} px: ${gold}.`,
    };
  }
}

/** How far apart are two shapes of one row or column, in units of the scale bar? */
function distance(rng: Rng): SceneTask {
  const bar = { cells: rng.int(1, 2), perCell: rng.int(1, 5) };
  const units = bar.cells * bar.perCell;
  const across = rng.chance(0.5);
  const span = rng.int(1, across ? SCENE_CELLS - 1 : SCENE_CELLS - 2);
  const [line, begin] = [
    rng.int(0, across ? SCENE_CELLS - 2 : SCENE_CELLS - 1),
    rng.int(0, (across ? SCENE_CELLS : SCENE_CELLS - 1) - 1 - span),
  ];
  const cellAt = (place: number): Cell =>
    across ? { column: place, row: line } : { column: line, row: place };
  const ends = rng.shuffle([cellAt(begin), cellAt(begin + span)]);
  const others = pickCells(rng, rng.int(0, 3), SCENE_CELLS - 1).filter((cell) =>
    ends.every((end) => end.column !== cell.column || end.row !== cell.row),
  );
  const shapes = distinctShapes(rng, [...ends, ...others]);
  const [a, b] = shapes;
  if (a === undefined || b === undefined) throw new RangeError('a distance needs two shapes');
  const scale = { cells: bar.cells, units };
  const { start, end } = barEnds(scale);
  const answer = String(span * bar.perCell);
  const unit = units === 1 ? 'unit' : 'units';
  return {
    scene: { shapes: inReadingOrder(shapes), bar: scale },
    question: `The scale bar is ${units} ${unit} long. How many units is the ${nameOf(a)} from the ${nameOf(b)}?`,
    options: [],
    type: 'numerical',
    gold: answer,
    plan: `I draw the scale bar, ${bar.cells * CELL} px, and a line from the ${sight(a)} to the ${sight(b)}.`,
    drawings: [
      { index: 1, start_point_2d: start, end_point_2d: end, label: 'scale' },
      lineBetween(a.cell, b.cell, 'distance'),
    ],
    conclusion: `${bar.cells * CELL} px is ${units} ${unit}, so ${CELL} px is ${bar.perCell}. ${measure(a.cell, b.cell).words}: ${span} times ${bar.perCell} is ${answer}.`,
  };
}
