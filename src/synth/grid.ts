import type { Point } from '../trace/geometry';

/** Side of a grid cell in pixels of model space: one visual token (two 14 px patches a side). */
export const CELL = 28;

/** A grid cell, 0-based from the top left. */
export interface Cell {
  readonly column: number;
  readonly row: number;
}

export function centreOf(cell: Cell): Point {
  return [cell.column * CELL + CELL / 2, cell.row * CELL + CELL / 2];
}

export function sameCell(a: Cell, b: Cell): boolean {
  return a.column === b.column && a.row === b.row;
}
