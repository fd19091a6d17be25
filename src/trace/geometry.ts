/** Width and height in whole pixels; which space they are in is said where they are used. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** `[x, y]` in pixels of model space: the resized image that the model sees. The origin is its top left corner. */
export type Point = readonly [x: number, y: number];

/** Pixels as the model sees them: 8-bit RGB, rows from the top, no padding (`data.length = width * height * 3`). */
export interface RgbImage extends Size {
  readonly data: Uint8Array;
}

/** A colour as 8-bit red, green, blue. */
export type Rgb = readonly [red: number, green: number, blue: number];
