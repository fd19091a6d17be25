import { CELL, centreOf } from './grid';
import { LETTERS, type Letter, type Maze } from './maze';
import { Raster, type Rgb } from './raster';

const WALL: Rgb = [0, 0, 0];
const START: Rgb = [0, 170, 0];
const LETTER: Rgb = [220, 0, 0];
const START_RADIUS = 8;

const GLYPHS: Record<Letter, readonly string[]> = {
  A: [' ### ', '#   #', '#   #', '#####', '#   #', '#   #', '#   #'],
  B: ['#### ', '#   #', '#   #', '#### ', '#   #', '#   #', '#### '],
  C: [' ### ', '#   #', '#    ', '#    ', '#    ', '#   #', ' ### '],
  D: ['#### ', '#   #', '#   #', '#   #', '#   #', '#   #', '#### '],
};

/** The look of upstream's mazes: thick black walls on white, a green start dot, red letters. `CELL` pixels a cell. */
export function paintMaze(maze: Maze): Raster {
  const side = maze.size * CELL;
  const picture = new Raster(side, side);
  for (let row = 0; row < maze.size; row++) {
    for (let column = 0; column < maze.size; column++) {
      const [x, y] = [column * CELL, row * CELL];
      if (!maze.isOpen({ column, row }, 'right'))
        picture.fillRect(x + CELL - 2, y - 2, x + CELL + 1, y + CELL + 1, WALL);
      if (!maze.isOpen({ column, row }, 'down'))
        picture.fillRect(x - 2, y + CELL - 2, x + CELL + 1, y + CELL + 1, WALL);
    }
  }
  picture.fillRect(0, 0, 1, side - 1, WALL);
  picture.fillRect(0, 0, side - 1, 1, WALL);
  picture.fillCircle(centreOf(maze.start), START_RADIUS, START);
  for (const letter of LETTERS) picture.drawGlyph(centreOf(maze.letters[letter]), GLYPHS[letter], 3, LETTER);
  return picture;
}
