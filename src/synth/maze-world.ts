import type { Line } from '../trace/drawing';
import { type Cell, centreOf, sameCell } from './grid';
import { type Maze, MOVES, makeMaze, moved } from './maze';
import { paintMaze } from './maze-picture';
import type { Rng } from './rng';
import { answerTurn, drawingTurn, mistakenTurn, type SynthTurn, type World } from './world';

/** How cold-start traces are written. Shares are probabilities a world. */
export interface TraceStyle {
  /** Share of traces that draw two moves a turn where they can; the rest draw one. */
  readonly several: number;
  /** Share of traces with one planted mistake or more. */
  readonly mistaken: number;
}

export const DEFAULT_STYLE: TraceStyle = { several: 0.25, mistaken: 0.3 };

/** Most moves of a question, by grid size; the fewest is two less. */
const MOST_MOVES: Readonly<Record<number, number>> = { 3: 4, 4: 5, 5: 6 };

/** A maze world of 3 to 5 cells a side. */
export function makeMazeWorld(rng: Rng, size: number, style: TraceStyle): World {
  const most = MOST_MOVES[size];
  if (most === undefined) throw new RangeError(`No maze of ${size} cells a side: choose 3, 4 or 5.`);
  const maze = makeMaze(rng, size, rng.int(most - 2, most));
  const moves = maze.moves.map((move, i) => `${i + 1} ${move}`).join(', ');
  return {
    layout: { family: 'maze', maze },
    task: 'maze',
    question:
      'Determine the final destination (A, B, C or D) from the starting point (green point). ' +
      `A move into a wall stays in place. Moves: ${moves}.`,
    options: [],
    type: 'multiple-choice',
    gold: maze.gold,
    image: paintMaze(maze),
    turns: mazeTurns(rng, maze, style),
  };
}

interface Step {
  /** 1-based number of the move. */
  readonly number: number;
  readonly from: Cell;
  readonly to: Cell;
}

/** What is said of the moves up to and with the next one that gets somewhere, and that one's step (null at the end). */
export interface Stretch {
  readonly words: string;
  readonly step: Step | null;
}

/** Cuts the moves into stretches: `Step 3: up, wall. Step 4: left.` Blocked moves are told with the move after them. */
export function stretches(maze: Maze): Stretch[] {
  const result: Stretch[] = [];
  let words: string[] = [];
  maze.moves.forEach((move, i) => {
    const [from, to] = [maze.path[i], maze.path[i + 1]];
    if (from === undefined || to === undefined) return;
    const blocked = sameCell(from, to);
    words.push(`Step ${i + 1}: ${move}${blocked ? ', wall' : ''}.`);
    if (blocked) return;
    result.push({ words: words.join(' '), step: { number: i + 1, from, to } });
    words = [];
  });
  return words.length === 0 ? result : [...result, { words: words.join(' '), step: null }];
}

function mazeTurns(rng: Rng, maze: Maze, style: TraceStyle): SynthTurn[] {
  const turns: SynthTurn[] = [];
  const steps = stretches(maze);
  const slipChance = rng.chance(style.mistaken) ? 0.4 : 0;
  const perTurn = rng.chance(style.several) ? 2 : 1;
  let image = 1;
  let images = 1;
  let at = maze.start;
  let rest = '';
  while (steps.length > 0) {
    const group = steps.splice(0, perTurn);
    const drawn = group.flatMap(({ step }) => (step === null ? [] : [step]));
    const words = group.map((stretch) => stretch.words).join(' ');
    const [first, ...others] = drawn;
    if (first === undefined) {
      rest = `${words} `;
      break;
    }
    const here = `At (${centreOf(at).join(', ')}).`;
    const lines = (base: number): [Line, ...Line[]] => [
      lineOf(base, first),
      ...others.map((step) => lineOf(base, step)),
    ];
    const meant = lines(image);
    const slips = rng.chance(slipChance) ? rng.int(1, 2) : 0;
    for (let i = 0; i <= slips; i++) {
      // A wrong drawing makes an image of its own; the correction starts again from the image before it.
      const said = i === 0 ? `${here} ${words}` : `${redo(drawn)} ${here} ${words}`;
      turns.push(
        i < slips ? mistakenTurn(said, slip(rng, maze, meant, drawn), meant) : drawingTurn(said, meant),
      );
      if (i < slips) images++;
    }
    image = ++images;
    at = drawn.at(-1)?.to ?? at;
  }
  turns.push(answerTurn(`At (${centreOf(at).join(', ')}). ${rest}The path ends at ${maze.gold}.`, maze.gold));
  return turns;
}

const lineOf = (index: number, step: Step): Line => ({
  index,
  start_point_2d: centreOf(step.from),
  end_point_2d: centreOf(step.to),
  label: `step ${step.number}`,
});

const redo = (steps: readonly Step[]): string =>
  `The line of step ${steps.map((step) => step.number).join(' or ')} is wrong.`;

/** The same lines with the end of one in a wrong cell: a neighbour of where it starts, or of where it should end. */
function slip(
  rng: Rng,
  maze: Maze,
  meant: readonly [Line, ...Line[]],
  steps: readonly Step[],
): [Line, ...Line[]] {
  const which = rng.int(0, meant.length - 1);
  const step = steps[which];
  if (step === undefined) throw new RangeError('a line without its step');
  const inside = (cell: Cell): boolean =>
    cell.column >= 0 && cell.row >= 0 && cell.column < maze.size && cell.row < maze.size;
  const wrong = rng.pick(
    MOVES.flatMap((move) => [moved(step.from, move), moved(step.to, move)]).filter(
      (cell) => inside(cell) && !sameCell(cell, step.to) && !sameCell(cell, step.from),
    ),
  );
  const [first, ...others] = meant.map((line, i) =>
    i === which ? { ...line, end_point_2d: centreOf(wrong) } : line,
  );
  if (first === undefined) throw new RangeError('no lines to misplace');
  return [first, ...others];
}
