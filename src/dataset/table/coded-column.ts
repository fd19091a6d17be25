import { Growing } from './growing';

/** What it takes to filter and sort by a column. */
export interface Column {
  /** The code of each row's cell. */
  readonly codes: Growing;
  /** For each code the values that a row with that cell has in the column's filter. */
  values(): (readonly string[])[];
  /** For each code its place among the cells in their order; those that are sorted alike share one. */
  ranks(): Uint32Array;
}

/**
 * A column in which many rows have the same: each different cell is held once and known by a number, its code, from 0 in the order
 * in which they came.
 */
export class CodedColumn<T> implements Column {
  readonly codes = new Growing();
  private readonly cells: T[] = [];
  private readonly known = new Map<string, number>();

  /** `keyOf` tells cells apart. `valuesOf` is what a row with that cell has in the column's filter. */
  constructor(
    private readonly keyOf: (cell: T) => string,
    private readonly valuesOf: (cell: T) => readonly string[],
    /** What it is sorted by, all strings or all numbers. */
    private readonly rankOf: (cell: T) => string | number,
  ) {}

  push(cell: T): void {
    this.codes.push(this.code(cell));
  }

  set(index: number, cell: T): void {
    this.codes.set(index, this.code(cell));
  }

  /** The cell of a row that is there. */
  at(index: number): T {
    const cell = this.cells[this.codes.get(index)];
    if (cell === undefined) throw new RangeError(`There is no row ${index}.`);
    return cell;
  }

  values(): (readonly string[])[] {
    return this.cells.map((cell) => this.valuesOf(cell));
  }

  ranks(): Uint32Array {
    const all = this.cells.map((cell) => this.rankOf(cell));
    const distinct = [...new Set(all)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const places = new Map(distinct.map((rank, place) => [rank, place]));
    return Uint32Array.from(all, (rank) => places.get(rank) ?? 0);
  }

  private code(cell: T): number {
    const key = this.keyOf(cell);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    this.known.set(key, this.cells.length);
    return this.cells.push(cell) - 1;
  }
}
