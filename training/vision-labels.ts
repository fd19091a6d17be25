import { paint } from '../src/image/paint';
import { CELL, type Cell, centreOf, sameCell } from '../src/synth/grid';
import { LETTERS, MOVES } from '../src/synth/maze';
import type { Rng } from '../src/synth/rng';
import { COLOURS, KINDS, RADII } from '../src/synth/scene';
import type { World } from '../src/synth/world';
import { isBox, isLine, isUnpainted } from '../src/trace/drawing';
import type { RgbImage } from '../src/trace/geometry';

/**
 * The classes that the throw-away head learns for each cell, in order, with the number of values of each:
 * column, row, what stands there in a maze (nothing, start, A-D), a wall above, below, left, right, a red and a blue
 * dot, kind, colour and size of the shape (0 is none), a box round the cell's centre, an end of the scale bar.
 */
export const LABELS = [5, 5, 6, 2, 2, 2, 2, 2, 2, 4, 7, 4, 2, 2] as const;

/** A picture with some of its world's drawings, and the labels of every cell, row by row (`LABELS.length` each). */
export interface LabelledImage {
  readonly image: RgbImage;
  readonly labels: readonly number[];
}

export function labelImage(rng: Rng, world: World): LabelledImage {
  const turn = rng.pick(world.turns);
  const drawings = rng.chance(0.75) ? turn.drawings : [];
  const lines = drawings.filter(isLine);
  const boxes = drawings.filter(isBox);
  // Earlier lines of a path are there too, so that dots lie on one another as they do in the loop.
  const earlier = world.turns.slice(0, world.turns.indexOf(turn)).flatMap((t) => t.drawings.filter(isLine));
  const path = lines.length > 0 && world.layout.family === 'maze' ? [...earlier, ...lines] : lines;
  const image = drawings.length === 0 ? world.image : paint(world.image, { boxes, lines: path });
  const labels: number[] = [];
  const last = new Map<string, number>();
  for (const line of path) {
    last.set(line.start_point_2d.join(), 1);
    last.set(line.end_point_2d.join(), 2);
  }
  for (let row = 0; row < world.image.height / CELL; row++) {
    for (let column = 0; column < world.image.width / CELL; column++) {
      const cell: Cell = { column, row };
      const dot = last.get(centreOf(cell).join());
      const boxed = boxes.some((box) => {
        if (isUnpainted(box)) return false;
        const [x1, y1, x2, y2] = box.bbox_2d;
        return centreOf(cell).join() === [(x1 + x2) / 2, (y1 + y2) / 2].join();
      });
      labels.push(column, row, ...mazeLabels(world, cell), Number(dot === 1), Number(dot === 2));
      labels.push(...sceneLabels(world, cell), Number(boxed), barLabel(world, cell));
    }
  }
  return { image, labels };
}

function mazeLabels(world: World, cell: Cell): number[] {
  if (world.layout.family !== 'maze') return [0, 0, 0, 0, 0];
  const { maze } = world.layout;
  const letter = LETTERS.findIndex((name) => sameCell(maze.letters[name], cell));
  const kind = sameCell(cell, maze.start) ? 1 : letter < 0 ? 0 : letter + 2;
  return [kind, ...MOVES.map((move) => Number(!maze.isOpen(cell, move)))];
}

function sceneLabels(world: World, cell: Cell): number[] {
  if (world.layout.family !== 'scene') return [0, 0, 0];
  const shape = world.layout.scene.shapes.find((one) => sameCell(one.cell, cell));
  if (shape === undefined) return [0, 0, 0];
  return [KINDS.indexOf(shape.kind), COLOURS.indexOf(shape.colour), RADII.indexOf(shape.radius)].map(
    (i) => i + 1,
  );
}

function barLabel(world: World, cell: Cell): number {
  if (world.layout.family !== 'scene' || world.layout.scene.bar === null) return 0;
  const { bar } = world.layout.scene;
  return Number(cell.row === 4 && (cell.column === 0 || cell.column === bar.cells));
}
