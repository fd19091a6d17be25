import { describe, expect, it } from 'vitest';
import { centreOf, sameCell } from '../../../src/synth/grid';
import { makeWorld } from '../../../src/synth/make-world';
import { LETTERS, type Maze, moved } from '../../../src/synth/maze';
import type { TraceStyle } from '../../../src/synth/maze-world';
import { traceLineage } from '../../../src/trace/lineage';
import { parseTurn } from '../../../src/trace/parse-turn';

const PLAIN: TraceStyle = { several: 0, mistaken: 0 };

function mazes(count: number, style: TraceStyle = PLAIN) {
  return Array.from({ length: count }, (_, i) => {
    const world = makeWorld('maze', 11, i, style);
    if (world.layout.family !== 'maze') throw new Error('not a maze');
    return { world, maze: world.layout.maze };
  });
}

/** Walks the moves by the walls alone. */
function walk(maze: Maze) {
  return maze.moves.reduce((at, move) => (maze.isOpen(at, move) ? moved(at, move) : at), maze.start);
}

describe('a maze world', () => {
  it('is the same for the same seed and index, whatever was made before', () => {
    const again = makeWorld('maze', 11, 7, PLAIN);
    expect(again).toEqual({ ...mazes(8)[7]!.world, layout: expect.anything() });
    expect(makeWorld('maze', 12, 7, PLAIN).question).not.toBe(again.question);
  });

  it('takes the sizes in turn', () => {
    expect(mazes(6).map(({ maze }) => maze.size)).toEqual([3, 4, 5, 3, 4, 5]);
  });

  it('has its letters on four cells of their own, none on the start, and the gold one where the moves end', () => {
    for (const { world, maze } of mazes(300)) {
      const cells = [maze.start, ...LETTERS.map((letter) => maze.letters[letter])];
      expect(new Set(cells.map((cell) => centreOf(cell).join())).size).toBe(5);
      expect(sameCell(walk(maze), maze.letters[maze.gold])).toBe(true);
      expect(world.gold).toBe(maze.gold);
    }
  });

  it('often has moves that run into a wall, and then a wrong letter where one would end who ignores walls', () => {
    const blocked = mazes(300).filter(({ maze }) =>
      maze.path.some((cell, i) => i > 0 && sameCell(cell, maze.path[i - 1]!)),
    );
    expect(blocked.length).toBeGreaterThan(120);
    const tempting = blocked.filter(({ maze }) => {
      const ghost = maze.moves.reduce(moved, maze.start);
      return LETTERS.some((letter) => letter !== maze.gold && sameCell(maze.letters[letter], ghost));
    });
    expect(tempting.length).toBeGreaterThan(60);
  });

  it('shows walls as black pixels between cells and openings as white ones', () => {
    for (const { world, maze } of mazes(30)) {
      const shade = (x: number, y: number) => world.image.data[(y * world.image.width + x) * 3];
      for (let row = 0; row < maze.size; row++) {
        for (let column = 0; column < maze.size - 1; column++) {
          const [x, y] = centreOf({ column, row });
          expect(shade(x + 14, y)).toBe(maze.isOpen({ column, row }, 'right') ? 255 : 0);
        }
      }
    }
  });
});

describe('the cold-start trace of a maze', () => {
  it('draws each move that gets somewhere, in order, on the image before, and names the letter', () => {
    for (const { world, maze } of mazes(100)) {
      const lines = world.turns.flatMap((turn) => parseTurn(turn.text).drawings);
      const steps = maze.path
        .slice(1)
        .flatMap((to, i) =>
          sameCell(maze.path[i]!, to) ? [] : [{ from: maze.path[i]!, to, number: i + 1 }],
        );
      expect(lines).toEqual(
        steps.map(({ from, to, number }, i) => ({
          index: i + 1,
          start_point_2d: centreOf(from),
          end_point_2d: centreOf(to),
          label: `step ${number}`,
        })),
      );
      expect(parseTurn(world.turns.at(-1)!.text).answer).toBe(maze.gold);
    }
  });

  it('says the same in text and in data, well-formed, every turn', () => {
    for (const { world } of mazes(200, { several: 0.5, mistaken: 0.7 })) {
      for (const turn of world.turns) {
        const parsed = parseTurn(turn.text);
        expect(parsed.wellFormed).toBe(true);
        expect(parsed.findings).toEqual([]);
        expect(parsed.drawings).toEqual(turn.drawings);
      }
    }
  });

  it('with planted mistakes, corrects each in the next turn, and its last image holds the true path alone', () => {
    let planted = 0;
    for (const { world, maze } of mazes(200, { several: 0.3, mistaken: 1 })) {
      const { images, findings } = traceLineage(1, world.turns);
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      world.turns.forEach((turn, i) => {
        if (turn.soundUntil === turn.text.length) return;
        planted++;
        const next = world.turns[i + 1]!;
        expect(next.text).toMatch(/^<think> The line of step \d( or \d)? is wrong\./);
        expect(next.drawings.map(({ index }) => index)).toEqual(turn.drawings.map(({ index }) => index));
      });
      const drawn = images
        .at(-1)!
        .canvas.lines.flatMap((line) => [line.start_point_2d.join(), line.end_point_2d.join()]);
      expect(new Set(drawn)).toEqual(new Set(maze.path.map((cell) => centreOf(cell).join())));
    }
    expect(planted).toBeGreaterThan(100);
  });

  it('draws one move a turn or two, as the style asks', () => {
    const most = (style: TraceStyle) =>
      Math.max(
        ...mazes(60, style).flatMap(({ world }) => world.turns.map(({ drawings }) => drawings.length)),
      );
    expect(most(PLAIN)).toBe(1);
    expect(most({ several: 1, mistaken: 0 })).toBe(2);
  });
});
