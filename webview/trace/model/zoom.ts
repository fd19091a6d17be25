import type { Point } from '../../../src/trace/geometry';
import type { AppState, Zoom } from './state';
import { centred, centreOf, fitted, keepInSight, pan, type Viewport, ZOOM_STEP, zoomScale } from './viewport';

/** A step nearer or further, the whole image, the image and all shapes, or one CSS pixel for one of model space. */
export type ZoomTarget = 'in' | 'out' | 'fit' | 'all' | 'actual';

type Staged = Pick<AppState, 'stage' | 'zoom'>;

/** How the stage shows model space now: from a whole CSS pixel on, or else edges between pixels would blur at 100 %. */
export function viewportOf(state: Staged): Viewport {
  const { scale, x, y } = exactViewport(state);
  return { scale, x: Math.round(x), y: Math.round(y) };
}

/** The same with fractions, which would be lost of each of many small moves. */
function exactViewport({ stage, zoom }: Staged): Viewport {
  return zoom === null ? fitted(stage.image, stage.size) : centred(zoom.scale, zoom.centre, stage.size);
}

/** Where a command of the toolbar or a key leads. */
export function zoomTo(state: Staged, target: ZoomTarget): Zoom | null {
  const { size, all } = state.stage;
  const middle: Point = [size.width / 2, size.height / 2];
  switch (target) {
    case 'in':
      return zoomAt(state, ZOOM_STEP, middle);
    case 'out':
      return zoomAt(state, 1 / ZOOM_STEP, middle);
    case 'fit':
      return null;
    case 'all':
      return asZoom(fitted(all, size), state);
    case 'actual':
      return zoomAt(state, 1 / exactViewport(state).scale, middle);
  }
}

/** Zooms by `factor` so that what is at `at`, in CSS pixels of the stage, stays there. */
export function zoomAt(state: Staged, factor: number, at: Point): Zoom {
  const viewport = exactViewport(state);
  const { all, size } = state.stage;
  return asZoom(keepInSight(zoomScale(viewport, viewport.scale * factor, at), all, size), state);
}

/** Moves what is shown by so many CSS pixels. */
export function panBy(state: Staged, by: Point): Zoom {
  const { all, size } = state.stage;
  return asZoom(pan(exactViewport(state), by, all, size), state);
}

function asZoom(viewport: Viewport, { stage }: Staged): Zoom {
  return { scale: viewport.scale, centre: centreOf(viewport, stage.size) };
}
