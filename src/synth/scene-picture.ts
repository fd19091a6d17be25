import { CELL, centreOf } from './grid';
import { Raster, type Rgb } from './raster';
import { type COLOURS, SCENE_CELLS, type ScaleBar, type Scene } from './scene';

const PAINT: Record<(typeof COLOURS)[number], Rgb> = {
  red: [220, 40, 40],
  green: [40, 160, 70],
  blue: [50, 90, 220],
  orange: [245, 150, 40],
  purple: [150, 60, 180],
  black: [30, 30, 30],
};
const BAR: Rgb = [90, 90, 90];

/** Coloured shapes on white, and the scale bar with its two end marks, if there is one. */
export function paintScene(scene: Scene): Raster {
  const picture = new Raster(SCENE_CELLS * CELL, SCENE_CELLS * CELL);
  for (const { colour, kind, radius, cell } of scene.shapes) {
    const [x, y] = centreOf(cell);
    if (kind === 'circle') picture.fillCircle([x, y], radius, PAINT[colour]);
    else if (kind === 'triangle') picture.fillTriangle([x, y], radius, PAINT[colour]);
    else picture.fillRect(x - radius, y - radius, x + radius - 1, y + radius - 1, PAINT[colour]);
  }
  if (scene.bar !== null) {
    const { start, end } = barEnds(scene.bar);
    picture.fillRect(start[0], start[1] - 1, end[0], start[1], BAR);
    for (const x of [start[0], end[0]]) picture.fillRect(x - 1, start[1] - 6, x, start[1] + 5, BAR);
  }
  return picture;
}

/** Where the scale bar begins and ends, in pixels: in the last row, from the centre of its first cell. */
export function barEnds(bar: ScaleBar): { start: [number, number]; end: [number, number] } {
  const [x, y] = centreOf({ column: 0, row: SCENE_CELLS - 1 });
  return { start: [x, y], end: [x + bar.cells * CELL, y] };
}
