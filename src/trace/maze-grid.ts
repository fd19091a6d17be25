import type { Size } from './geometry';

export const MAZE_FRAMES = ['image', 'matplotlib'] as const;
/** Where the cells of a maze lie: all over its image, or within the margins that matplotlib leaves around its axes. */
export type MazeFrame = (typeof MAZE_FRAMES)[number];

/** Margins as shares of the image. Of matplotlib: as upstream's `calculate_grid_centers` has them. */
const MARGINS = {
  image: { left: 0, right: 0, top: 0, bottom: 0 },
  matplotlib: { left: 0.125, right: 0.1, top: 0.12, bottom: 0.11 },
} satisfies Record<MazeFrame, unknown>;

/** How far from the centre of a cell a point may be, in cells: as upstream's `check_path_tracer` has it. */
export const NEAR_CENTRE = 0.5;

/**
 * Whether a point of the image is near the centre of a cell of a maze: within `NEAR_CENTRE` of a cell's side, the mean of its
 * width and height.
 *
 * @param grid cells a side.
 */
export function isNearCentre(
  [x, y]: readonly [number, number],
  size: Size,
  grid: number,
  frame: MazeFrame,
): boolean {
  const { left, right, top, bottom } = MARGINS[frame];
  const width = (size.width * (1 - left - right)) / grid;
  const height = (size.height * (1 - top - bottom)) / grid;
  const across = fromCentre(x - size.width * left, width, grid);
  const down = fromCentre(y - size.height * top, height, grid);
  return Math.hypot(across, down) <= (NEAR_CENTRE * (width + height)) / 2;
}

/** How far a coordinate is from the centre of the cell that is nearest to it. */
function fromCentre(at: number, cell: number, grid: number): number {
  const nearest = Math.min(Math.max(Math.floor(at / cell), 0), grid - 1);
  return at - (nearest + 0.5) * cell;
}
