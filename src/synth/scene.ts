import type { Cell } from './grid';
import type { Rng } from './rng';

export const COLOURS = ['red', 'green', 'blue', 'orange', 'purple', 'black'] as const;
export const KINDS = ['circle', 'square', 'triangle'] as const;
/** Radii in pixels: small, medium and large. */
export const RADII = [5, 7, 10] as const;

/** A shape of a scene. Its name, colour and kind, may be shared with others; its cell may not. */
export interface Shape {
  readonly colour: (typeof COLOURS)[number];
  readonly kind: (typeof KINDS)[number];
  readonly radius: (typeof RADII)[number];
  readonly cell: Cell;
}

export const nameOf = (shape: Shape): string => `${shape.colour} ${shape.kind}`;

/** A bar at the bottom that tells how long a unit is: it spans `cells` grid cells and stands for `units`. */
export interface ScaleBar {
  readonly cells: number;
  readonly units: number;
}

/** Shapes at the points of a grid, at most one a cell, in reading order. */
export interface Scene {
  readonly shapes: readonly Shape[];
  readonly bar: ScaleBar | null;
}

/** Cells a side of a scene. With a scale bar, the last row is the bar's. */
export const SCENE_CELLS = 5;

/** `count` cells of the first `rows` rows, in random order. */
export function pickCells(rng: Rng, count: number, rows: number): Cell[] {
  const cells = Array.from({ length: SCENE_CELLS * rows }, (_, i) => ({
    column: i % SCENE_CELLS,
    row: Math.floor(i / SCENE_CELLS),
  }));
  return rng.shuffle(cells).slice(0, count);
}

/** One shape a cell, no two of the same name. */
export function distinctShapes(rng: Rng, cells: readonly Cell[]): Shape[] {
  const names = rng.shuffle(COLOURS.flatMap((colour) => KINDS.map((kind) => ({ colour, kind }))));
  return cells.map((cell, i) => {
    const name = names[i];
    if (name === undefined) throw new RangeError(`${cells.length} shapes, but only ${names.length} names`);
    return { ...name, radius: rng.pick(RADII), cell };
  });
}

/** Row by row, left to right. */
export function inReadingOrder<T extends { readonly cell: Cell }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => a.cell.row - b.cell.row || a.cell.column - b.cell.column);
}
