import type { Rgb } from './geometry';

/** How upstream paints, in pixels of the image: what the pixels that a model sees and a live view of them share. */

/** Width of an outline, which grows inwards from a box's corners, and of a line. */
export const STROKE = 4;

/** Radius of the dots at the two ends of a line. */
export const DOT_RADIUS = 4;

/** From a box's top left corner to its label's. */
export const LABEL_OFFSET: readonly [x: number, y: number] = [8, 6];

export const LINE_COLOUR: Rgb = [0, 0, 0];
export const START_COLOUR: Rgb = [255, 0, 0];
export const END_COLOUR: Rgb = [0, 0, 255];
