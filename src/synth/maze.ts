import { type Cell, sameCell } from './grid';
import type { Rng } from './rng';

/** The four moves, in the picture's sense: up is towards row 0. */
export const MOVES = ['up', 'down', 'left', 'right'] as const;
export type Move = (typeof MOVES)[number];

const STEP: Record<Move, Cell> = {
  up: { column: 0, row: -1 },
  down: { column: 0, row: 1 },
  left: { column: -1, row: 0 },
  right: { column: 1, row: 0 },
};

export function moved(from: Cell, move: Move): Cell {
  return { column: from.column + STEP[move].column, row: from.row + STEP[move].row };
}

export const LETTERS = ['A', 'B', 'C', 'D'] as const;
export type Letter = (typeof LETTERS)[number];

/** Share of the walls between neighbours that are opened beyond what connects the maze. */
const EXTRA_OPENINGS = 0.25;
/** Chance that a move runs into a wall, where there is one to run into. */
const BLOCKED_MOVES = 0.25;

/** A maze question: where do the moves end? A move into a wall stays put. */
export interface Maze {
  readonly size: number;
  readonly start: Cell;
  readonly letters: Readonly<Record<Letter, Cell>>;
  readonly moves: readonly Move[];
  /** The cell before each move, and after the last: one more than there are moves. */
  readonly path: readonly Cell[];
  readonly gold: Letter;
  isOpen(from: Cell, move: Move): boolean;
}

/** A maze of `size` x `size` cells whose walk of moves visits no cell twice. Draws until one fits; nearly all do. */
export function makeMaze(rng: Rng, size: number, moveCount: number): Maze {
  for (;;) {
    const openings = carve(rng, size);
    const isOpen = (from: Cell, move: Move): boolean => openings.has(edge(from, moved(from, move)));
    const start = { column: rng.int(0, size - 1), row: rng.int(0, size - 1) };
    const walk = takeWalk(rng, start, moveCount, isOpen);
    if (walk === null) continue;
    const [gold, ...others] = rng.shuffle(LETTERS);
    const end = walk.path.at(-1);
    if (gold === undefined || end === undefined) continue;
    const decoys = pickDecoys(rng, size, start, walk.moves, end);
    const letters = Object.fromEntries([[gold, end], ...others.map((letter, i) => [letter, decoys[i]])]);
    return { size, start, letters, ...walk, gold, isOpen };
  }
}

/** Passages as edge keys: a spanning tree by depth-first search, then some walls opened at random. */
function carve(rng: Rng, size: number): ReadonlySet<string> {
  const inside = (cell: Cell): boolean =>
    cell.column >= 0 && cell.row >= 0 && cell.column < size && cell.row < size;
  const openings = new Set<string>();
  const first = { column: rng.int(0, size - 1), row: rng.int(0, size - 1) };
  const seen = new Set([key(first)]);
  const trail: Cell[] = [first];
  for (let at = trail.at(-1); at !== undefined; at = trail.at(-1)) {
    const here = at;
    const fresh = MOVES.map((move) => moved(here, move)).filter(
      (cell) => inside(cell) && !seen.has(key(cell)),
    );
    if (fresh.length === 0) {
      trail.pop();
      continue;
    }
    const next = rng.pick(fresh);
    seen.add(key(next));
    openings.add(edge(here, next));
    trail.push(next);
  }
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      for (const move of ['right', 'down'] as const) {
        const next = moved({ column, row }, move);
        if (inside(next) && rng.chance(EXTRA_OPENINGS)) openings.add(edge({ column, row }, next));
      }
    }
  }
  return openings;
}

function takeWalk(
  rng: Rng,
  start: Cell,
  moveCount: number,
  isOpen: (from: Cell, move: Move) => boolean,
): { moves: Move[]; path: Cell[] } | null {
  const moves: Move[] = [];
  const path: Cell[] = [start];
  const visited = new Set([key(start)]);
  let at = start;
  for (let i = 0; i < moveCount; i++) {
    const blocked = MOVES.filter((move) => !isOpen(at, move));
    const open = MOVES.filter((move) => isOpen(at, move) && !visited.has(key(moved(at, move))));
    const runsIntoWall = blocked.length > 0 && rng.chance(BLOCKED_MOVES);
    if (!runsIntoWall && open.length === 0) return null;
    const move = rng.pick(runsIntoWall ? blocked : open);
    if (!runsIntoWall) at = moved(at, move);
    visited.add(key(at));
    moves.push(move);
    path.push(at);
  }
  return sameCell(at, start) ? null : { moves, path };
}

/** Three cells for the wrong letters: first the one reached by who walks through walls, then any others. */
function pickDecoys(rng: Rng, size: number, start: Cell, moves: readonly Move[], end: Cell): Cell[] {
  const ghost = moves.reduce(moved, start);
  const cells = Array.from({ length: size * size }, (_, i) => ({
    column: i % size,
    row: Math.floor(i / size),
  }));
  const free = rng.shuffle(cells.filter((cell) => !sameCell(cell, start) && !sameCell(cell, end)));
  const tempting = free.filter((cell) => sameCell(cell, ghost));
  return [...tempting, ...free.filter((cell) => !sameCell(cell, ghost))].slice(0, 3);
}

const key = (cell: Cell): string => `${cell.column},${cell.row}`;
const edge = (a: Cell, b: Cell): string => [key(a), key(b)].sort().join(' ');
