import { makeMazeWorld, type TraceStyle } from './maze-world';
import { Rng } from './rng';
import { SCENE_TASKS } from './scene-tasks';
import { makeSceneWorld } from './scene-world';
import type { World } from './world';

export const GRID_SIZES = [3, 4, 5] as const;

/**
 * World number `index` of the series that `seed` names. Sizes (mazes) and kinds of question (scenes) take turns, so any
 * run of worlds is an even mix. The same arguments give the same world, whatever else was made.
 */
export function makeWorld(
  family: 'maze' | 'scene',
  seed: number,
  index: number,
  style: TraceStyle,
  sizes: readonly number[] = GRID_SIZES,
): World {
  const rng = Rng.of(seed, index);
  if (family === 'maze') return makeMazeWorld(rng, turnOf(sizes, index), style);
  return makeSceneWorld(rng, turnOf(SCENE_TASKS, index), style);
}

function turnOf<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new RangeError('nothing to take turns with');
  return item;
}
